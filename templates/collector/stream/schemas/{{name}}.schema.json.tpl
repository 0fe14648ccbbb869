{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:cis490:source:{{name}}:1",
  "title": "{{name}} row",
  "description": "{{summary}}",
  "type": "object",
  "properties": {
    "t_mono_ns": {
      "type": "integer",
      "description": "Time since the episode's origin on CLOCK_MONOTONIC, read just before the first read of the sample.",
      "x-unit": "ns",
      "x-kind": "info"
    },
    "t_wall_ns": {
      "type": "integer",
      "description": "Time since the Unix epoch: one wall anchor per episode plus the monotonic distance. Exact to the last digit.",
      "x-unit": "ns",
      "x-kind": "info"
    },
    "source": {
      "type": "string",
      "minLength": 1,
      "description": "The collector instance, as in meta.json.",
      "x-kind": "info"
    },
    "available_in_deployment": {
      "type": "boolean",
      "description": "Whether a deployed device has this source. False: an oracle, for the lab only.",
      "x-kind": "info"
    },
    "seq": {
      "type": "integer",
      "minimum": 0,
      "description": "The position of the row in the stream, from 0.",
      "x-unit": "1",
      "x-kind": "info",
      "maximum": 9007199254740991
    },
    "change": {
      "type": "string",
      "description": "Whether a name came or went (rename), or a content changed (inotify(7)).",
      "enum": [
        "rename",
        "change"
      ],
      "x-kind": "state"
    },
    "file": {
      "type": [
        "string",
        "null"
      ],
      "description": "The name in the folder; null where the kernel does not tell.",
      "maxLength": 255,
      "x-kind": "info"
    }
  },
  "required": [
    "t_mono_ns",
    "t_wall_ns",
    "source",
    "available_in_deployment",
    "seq",
    "change",
    "file"
  ],
  "additionalProperties": false
}
