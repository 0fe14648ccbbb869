# {{package}}

{{summary}} A collector for cis490.

    npm install {{package}}

    # .cis490rc
    plugins: ["{{package}}"]
    collectors:
      {{name}}: {}

|                         |                                                |
| ----------------------- | ---------------------------------------------- |
| kind                    | `polled`: sampled on the schedule, in a thread of its own |
| reads                   | `/proc/sys/fs/file-nr` |
| available in deployment | **yes** |
| privileges              | none |
| options                 | none |

## Fields

<!-- fields: generated -->
| field | type | unit | kind | description |
| --- | --- | --- | --- | --- |
| `open_files` | integer | `{file}` | gauge | File handles in use, all processes (file-nr, 1st). |
| `max_files` | integer | `{file}` | info | How many there may be (file-nr, 3rd). |
<!-- /fields -->

## Develop

    npm install
    npm test                      # the contract of cis490, as tests
    CIS490_UPDATE=1 npm test      # after a change of fields or fixtures; raise rowVersion when fields change
    npx cis490 collector test {{name}}
