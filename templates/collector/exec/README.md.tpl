# {{package}}

{{summary}} A collector for cis490.

    npm install {{package}}

    # .cis490rc
    plugins: ["{{package}}"]
    collectors:
      {{name}}: {}

|                         |                                                |
| ----------------------- | ---------------------------------------------- |
| kind                    | `stream`: rows come from a program in Python |
| reads                   | `/proc/net/tcp`, `/proc/net/tcp6` |
| available in deployment | **yes** |
| privileges              | none; `python3` has to be installed |
| options                 | none |

## Fields

<!-- fields: generated -->
| field | type | unit | kind | description |
| --- | --- | --- | --- | --- |
| `established` | integer | `{socket}` | gauge | Connections that are open (net/tcp and net/tcp6, state 01). |
| `syn_sent` | integer | `{socket}` | gauge | Connections being opened (state 02). |
| `time_wait` | integer | `{socket}` | gauge | Connections just closed (state 06). |
| `listen` | integer | `{socket}` | gauge | Sockets that wait for connections (state 0A). |
<!-- /fields -->

## Develop

    npm install
    npm test                      # the contract of cis490, as tests
    CIS490_UPDATE=1 npm test      # after a change of fields or fixtures; raise rowVersion when fields change
    npx cis490 collector test {{name}}
