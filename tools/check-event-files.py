"""Compares what @tgan/event-files writes with what TensorBoard's own reader finds.

By hand, where tensorboard is installed: `npx nx build @tgan/event-files`, then `python tools/check-event-files.py`. With
a run folder as argument it compares the run's metrics.jsonl with its tensorboard folder instead.
"""

import base64
import json
import math
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

MODULE = Path(__file__).parent.parent / "libs/event-files/dist/index.js"
STEPS, KILLED_AT, RESUMED_AT, EVERY = 400, 300, 201, 50
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)

# Takes what to write on standard input; leaves its first session open, as a killed run does.
WRITER = f"""
import {{ readFileSync }} from 'node:fs';
import {{ EventFileWriter }} from '{MODULE.as_uri()}';

const {{ folder, scalars, histograms, gif }} = JSON.parse(readFileSync(0, 'utf8'));
const session = async (number, from, to, options) => {{
  const events = await EventFileWriter.open(folder, options);
  for (let step = from; step < to; step++) {{
    events.scalars(step, {{ value: scalars[step], 'of/session': number }});
    if (step % {EVERY} === 0) events.image(step, 'samples', Buffer.from(gif, 'base64'));
    if (step % {EVERY} === 0) events.histogram(step, 'sigma', histograms[step / {EVERY}]);
    await events.flush();
  }}
  return events;
}};
await session(1, 0, {KILLED_AT});
await (await session(2, {RESUMED_AT}, {STEPS}, {{ resumeAt: {RESUMED_AT} }})).close();
"""


def float32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def read(folder):
    everything = {"scalars": 0, "images": 0, "histograms": 0}
    return EventAccumulator(str(folder), size_guidance=everything).Reload()


def check(what, ok):
    print(f"{'ok  ' if ok else 'FAIL'} {what}")
    if not ok:
        sys.exit(1)


def check_writer(folder):
    scalars = [math.sin(step / 7) * 10 ** (step % 30 - 15) for step in range(STEPS)]
    histograms = [[math.cos(i * (n + 1)) for i in range(200)] for n in range(STEPS // EVERY)]
    given = {
        "folder": str(folder),
        "scalars": scalars,
        "histograms": histograms,
        "gif": base64.b64encode(GIF).decode(),
    }
    command = ["node", "--input-type=module", "--eval", WRITER]
    subprocess.run(command, check=True, input=json.dumps(given), text=True)
    files = sorted(folder.iterdir())
    check(f"{len(files)} files, one for each session", len(files) == 2)
    with open(files[0], "ab") as first:
        first.write(b"\x40\x00\x00")  # a record cut short, as kill -9 leaves it

    events = read(folder)
    got = events.Scalars("value")
    check(f"{len(got)} scalars, no step twice", [e.step for e in got] == list(range(STEPS)))
    check("their values", [e.value for e in got] == [float32(value) for value in scalars])
    sessions = [e.value for e in events.Scalars("of/session")]
    expected = [1] * RESUMED_AT + [2] * (STEPS - RESUMED_AT)
    check("steps that came again are the second session's", sessions == expected)

    got = events.Images("samples")
    check(f"{len(got)} images", [e.step for e in got] == list(range(0, STEPS, EVERY)))
    same = [(e.encoded_image_string, e.width, e.height) == (GIF, 1, 1) for e in got]
    check("their bytes and sizes", all(same))

    got = events.Histograms("sigma")
    check(f"{len(got)} histograms", [e.step for e in got] == list(range(0, STEPS, EVERY)))
    same = [agrees(e.histogram_value, values) for e, values in zip(got, histograms)]
    check("their ranges, counts and moments", all(same))


def agrees(histogram, values):
    edges = [histogram.min, *histogram.bucket_limit]
    last = len(histogram.bucket) - 1
    counts = [
        sum(edges[i] <= v < edges[i + 1] or (i == last and v == edges[-1]) for v in values)
        for i in range(last + 1)
    ]
    return (
        (histogram.min, histogram.max, histogram.num) == (min(values), max(values), len(values))
        and list(histogram.bucket) == counts
        and math.isclose(histogram.sum, sum(values), abs_tol=1e-12)
        and math.isclose(histogram.sum_squares, sum(v * v for v in values))
    )


def check_run(run):
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    events = read(run / "tensorboard")
    for key, tag in {"value": "value", "real": "scores/real", "fake": "scores/fake"}.items():
        got = [(e.step, e.value) for e in events.Scalars(tag)]
        expected = [(line["step"], float32(line[key])) for line in lines]
        check(f"{len(got)} scalars {tag}", got == expected)
    for tag in events.Tags()["images"]:
        print(f"     {len(events.Images(tag))} images {tag}")
    for tag in events.Tags()["histograms"]:
        print(f"     {len(events.Histograms(tag))} histograms {tag}")


if len(sys.argv) > 1:
    check_run(Path(sys.argv[1]))
else:
    with tempfile.TemporaryDirectory() as scratch:
        check_writer(Path(scratch, "events"))
