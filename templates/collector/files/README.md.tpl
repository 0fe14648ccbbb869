# {{package}}

{{summary}} A collector for cis490.

    npm install {{package}}

    # .cis490rc
    plugins: ["{{package}}"]
    collectors:
      {{name}}: {}

|                         |                                                |
| ----------------------- | ---------------------------------------------- |
| kind                    | `files`: the file is read by the host, and so can be read inside a guest too |
| reads                   | `/proc/loadavg` |
| available in deployment | **yes** |
| privileges              | none |
| options                 | none |

## Fields

<!-- fields: generated -->
| field | type | unit | kind | description |
| --- | --- | --- | --- | --- |
| `runnable` | integer | `{thread}` | gauge | Threads running or ready to run (loadavg, 4th, before the slash). |
| `threads` | integer | `{thread}` | gauge | Threads in existence (loadavg, 4th, behind the slash). |
<!-- /fields -->

## Develop

    npm install
    npm test                      # the contract of cis490, as tests
    CIS490_UPDATE=1 npm test      # after a change of fields or fixtures; raise rowVersion when fields change
    npx cis490 collector test {{name}}
