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
    "tick": {
      "type": "integer",
      "minimum": 0,
      "description": "The index k of the sample, due at k * interval.",
      "x-unit": "1",
      "x-kind": "info",
      "maximum": 9007199254740991
    },
    "epoch": {
      "type": "integer",
      "minimum": 0,
      "description": "Raised when counters may have started anew (a reboot, a restore, a reconnect): no rate crosses it.",
      "x-unit": "1",
      "x-kind": "info"
    },
    "runnable": {
      "type": "integer",
      "description": "Threads running or ready to run (loadavg, 4th, before the slash).",
      "minimum": 0,
      "x-unit": "{thread}",
      "x-kind": "gauge"
    },
    "threads": {
      "type": "integer",
      "description": "Threads in existence (loadavg, 4th, behind the slash).",
      "minimum": 0,
      "x-unit": "{thread}",
      "x-kind": "gauge"
    }
  },
  "required": [
    "t_mono_ns",
    "t_wall_ns",
    "source",
    "available_in_deployment",
    "tick",
    "epoch",
    "runnable",
    "threads"
  ],
  "additionalProperties": false
}
