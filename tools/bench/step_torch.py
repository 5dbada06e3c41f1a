"""The TGAN training step in PyTorch, for tools/bench/step.mjs to race against.

The same networks, one-pass step and optimizer as tgan's: one forward and backward pass of
V = mean D(x) - mean D(G(z)) over all parameters, then RMSProp, G down and D up.

Each step runs in PyTorch's best way here: plain, with channels last in memory, or that and compiled,
whichever was the fastest when it was first asked for.

It answers commands on standard input, one a line, with one JSON object a line:
  step BATCH CHANNELS   seconds of one training step, and the way that was the fastest
  sample COUNT CHANNELS seconds to generate COUNT videos
  svd                   seconds to clip the critic's kernels by torch.linalg.svd
Usage: step_torch.py THREADS
"""

import json
import sys
import time

import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)

# What five steps of training at the paper's rate of 5e-5 do to a weight, about.
FIVE_STEPS = 2.5e-4


class TemporalGenerator(nn.Sequential):
    """z0 [batch, 100] as [batch, 100, 1] to z1 [batch, 100, 16]."""

    def __init__(self):
        layers = [nn.ConvTranspose1d(100, 512, 1), nn.BatchNorm1d(512, 2e-5), nn.ReLU()]
        for inputs, outputs in [(512, 256), (256, 128), (128, 128)]:
            layers += [
                nn.ConvTranspose1d(inputs, outputs, 4, 2, 1),
                nn.BatchNorm1d(outputs, 2e-5),
                nn.ReLU(),
            ]
        super().__init__(*layers, nn.ConvTranspose1d(128, 100, 4, 2, 1), nn.Tanh())


class ImageGenerator(nn.Module):
    """(z0, z1) [count, 100] each to frames [count, channels, 64, 64]."""

    def __init__(self, channels):
        super().__init__()
        self.fc0 = nn.Linear(100, 256 * 16, bias=False)
        self.fc1 = nn.Linear(100, 256 * 16, bias=False)
        self.bn0 = nn.BatchNorm1d(256 * 16, 2e-5)
        self.bn1 = nn.BatchNorm1d(256 * 16, 2e-5)
        layers = []
        for inputs, outputs in [(512, 256), (256, 128), (128, 64), (64, 32)]:
            layers += [
                nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False),
                nn.BatchNorm2d(outputs, 2e-5),
                nn.ReLU(),
            ]
        self.image = nn.Sequential(*layers, nn.ConvTranspose2d(32, channels, 3, 1, 1), nn.Tanh())

    def forward(self, z0, z1):
        slow = torch.relu(self.bn0(self.fc0(z0)))
        fast = torch.relu(self.bn1(self.fc1(z1)))
        slow = slow.repeat_interleave(len(z1) // len(z0), 0)
        return self.image(torch.cat([slow, fast], 1).view(-1, 512, 4, 4))


class Generator(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.temporal, self.image = TemporalGenerator(), ImageGenerator(channels)

    def forward(self, z0):
        z1 = self.temporal(z0[:, :, None]).transpose(1, 2).reshape(-1, 100)
        frames = self.image(z0, z1)
        return frames.view(len(z0), 16, *frames.shape[1:]).transpose(1, 2)


class Critic(nn.Sequential):
    """Clips [batch, channels, 16, 64, 64] to scores [batch, 1]."""

    def __init__(self, channels):
        layers = []
        for i, (inputs, outputs) in enumerate([(channels, 64), (64, 128), (128, 256), (256, 512)]):
            layers += [nn.Conv3d(inputs, outputs, 4, 2, 1)]
            layers += [nn.BatchNorm3d(outputs, 2e-5)] if i else []
            layers += [nn.LeakyReLU(0.2)]
        super().__init__(*layers, nn.Conv3d(512, 1, (1, 4, 4)), nn.Flatten())


class Gan:
    def __init__(self, channels, way="plain"):
        self.channels = channels
        self.generator, self.critic = Generator(channels), Critic(channels)
        self.clips = torch.contiguous_format
        if way != "plain":
            self.clips = torch.channels_last_3d
            self.critic.to(memory_format=torch.channels_last_3d)
            self.generator.image.image.to(memory_format=torch.channels_last)
        self.value_of = torch.compile(self.value) if way == "compiled" else self.value
        options = {"lr": 5e-5, "alpha": 0.99, "eps": 1e-8}
        self.generator_optimizer = torch.optim.RMSprop(self.generator.parameters(), **options)
        self.critic_optimizer = torch.optim.RMSprop(self.critic.parameters(), maximize=True, **options)

    def value(self, real, z0):
        fake = self.generator(z0).contiguous(memory_format=self.clips)
        return self.critic(real).mean() - self.critic(fake).mean()

    def step(self, batch):
        real = torch.rand(batch, self.channels, 16, 64, 64) * 2 - 1
        real = real.contiguous(memory_format=self.clips)
        z0 = torch.rand(batch, 100) * 2 - 1
        start = time.perf_counter()
        self.generator_optimizer.zero_grad(set_to_none=True)
        self.critic_optimizer.zero_grad(set_to_none=True)
        value = self.value_of(real, z0)
        value.backward()
        self.generator_optimizer.step()
        self.critic_optimizer.step()
        float(value.detach())
        return time.perf_counter() - start

    def sample(self, count):
        z0 = torch.rand(count, 100) * 2 - 1
        self.generator.eval()
        start = time.perf_counter()
        with torch.inference_mode():
            self.generator(z0)
        seconds = time.perf_counter() - start
        self.generator.train()
        return seconds

    def svd(self):
        with torch.no_grad():
            for weight in self.critic.parameters():
                if weight.dim() == 5:
                    weight.add_(torch.randn_like(weight), alpha=FIVE_STEPS)
            start = time.perf_counter()
            for weight in self.critic.parameters():
                if weight.dim() == 5:
                    u, s, v = torch.linalg.svd(weight.reshape(len(weight), -1), full_matrices=False)
                    weight.copy_(((u * s.clamp(max=1)) @ v).view_as(weight))
            return time.perf_counter() - start


models = {}
fastest = {}


def gan(channels, way="plain"):
    # One at a time, so that their memory does not add up.
    if (channels, way) not in models:
        models.clear()
        models[channels, way] = Gan(channels, way)
    return models[channels, way]


def ways():
    return ["plain", "channels last"] + (["compiled"] if hasattr(torch, "compile") else [])


def seconds_of(channels, way, batch):
    """Seconds of the faster of two steps, after one to warm up; endless if it does not run."""
    try:
        return min([gan(channels, way).step(batch) for _ in range(3)][1:])
    except Exception as error:  # torch.compile needs a compiler, and has its own exceptions.
        print(f"{way}: {error}", file=sys.stderr)
        return float("inf")


def step(batch, channels):
    if (batch, channels) not in fastest:
        times = {way: seconds_of(channels, way, batch) for way in ways()}
        fastest[batch, channels] = min(times, key=times.get)
    way = fastest[batch, channels]
    return {"seconds": gan(channels, way).step(batch), "way": way}


def answer(words):
    if words[0] == "svd":
        return {"seconds": gan(3).svd()}
    count, channels = int(words[1]), int(words[2])
    if words[0] == "step":
        return step(count, channels)
    return {"seconds": gan(channels).sample(count)}


for line in sys.stdin:
    print(json.dumps(answer(line.split())), flush=True)
