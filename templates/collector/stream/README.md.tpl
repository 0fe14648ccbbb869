# {{package}}

{{summary}} A collector for cis490.

    npm install {{package}}

    # .cis490rc
    plugins: ["{{package}}"]
    collectors:
      {{name}}: {}

|                         |                                                |
| ----------------------- | ---------------------------------------------- |
| kind                    | `stream`: rows come when something happens |
| reads                   | changes of one folder, by inotify(7) |
| available in deployment | **yes** |
| privileges              | read permission for the folder |
| options                 | `folder`: the folder to watch, `/tmp` unless told |

## Fields

<!-- fields: generated -->
| field | type | unit | kind | description |
| --- | --- | --- | --- | --- |
| `change` | string |  | state | Whether a name came or went (rename), or a content changed (inotify(7)). |
| `file` | string, null |  | info | The name in the folder; null where the kernel does not tell. |
<!-- /fields -->

## Develop

    npm install
    npm test                      # the contract of cis490, as tests
    CIS490_UPDATE=1 npm test      # after a change of fields or fixtures; raise rowVersion when fields change
    npx cis490 collector test {{name}}
