"""Peer of `rgflow bench images`: the same U-Nets in PyTorch, as a user of PyTorch would write them.

usage: python3 unet_torch.py THREADS [cuda]

Reads JSON lines and answers each with one. The first kind builds a network and warms it up:

  {"network": {"inputChannels": 49, "outputChannels": 49, "side": 4, "width": 192, "multipliers": [1, 2, 2, 2],
               "blocks": 2, "attentionLevels": [1], "dropout": 0.1, "halving": false},
   "task": "inference", "batch": 32}
  -> {"parameters": ..., "multiplyAccumulates": ..., "version": ...}

the second measures it, in whole passes or steps:

  {"seconds": 1.0} -> {"secondsPerBatch": median, "runs": number}

A training step is a forward pass with dropout, the mean squared error, a backward pass, clipping of the gradient's
norm, Adam, and the moving average of the parameters. Multiply-accumulates are those of the convolutions and linear
layers of one sample, counted while a batch goes through. Needs torch (Debian: python3-torch).
"""
import json
import math
import statistics
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

GROUPS = 32
WARM_UP_RUNS = 2


class SelfAttention(nn.Module):
    """One head over all positions, in a residual branch."""

    def __init__(self, channels):
        super().__init__()
        self.norm = nn.GroupNorm(GROUPS, channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.projection = nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        n, c, height, width = x.shape
        q, k, v = self.qkv(self.norm(x)).reshape(n, 3, c, height * width).unbind(1)
        weights = torch.softmax(torch.bmm(q.transpose(1, 2), k) * c ** -0.5, dim=-1)
        mixed = torch.bmm(v, weights.transpose(1, 2))
        return x + self.projection(mixed.reshape(n, c, height, width))


class ResidualBlock(nn.Module):
    """Norm, SiLU, convolution, twice, with the time embedding between; attention at the end where there is one."""

    def __init__(self, in_channels, channels, time_channels, dropout, attention):
        super().__init__()
        self.norm1 = nn.GroupNorm(GROUPS, in_channels)
        self.conv1 = nn.Conv2d(in_channels, channels, 3, padding=1)
        self.time = nn.Linear(time_channels, channels)
        self.norm2 = nn.GroupNorm(GROUPS, channels)
        self.dropout = nn.Dropout(dropout)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.shortcut = nn.Identity() if in_channels == channels else nn.Conv2d(in_channels, channels, 1)
        self.attention = SelfAttention(channels) if attention else nn.Identity()

    def forward(self, x, t):
        h = self.conv1(F.silu(self.norm1(x)))
        h = h + self.time(t)[:, :, None, None]
        h = self.conv2(self.dropout(F.silu(self.norm2(h))))
        return self.attention(self.shortcut(x) + h)


class Halve(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=2, padding=1)

    def forward(self, x, t):
        return self.conv(x)


class Double(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x, t):
        return self.conv(F.interpolate(x, scale_factor=2, mode="nearest"))


class UNet(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.width = width = network["width"]
        time_channels = 4 * width
        halving, blocks = network["halving"], network["blocks"]
        levels = [(width * m, i in network["attentionLevels"]) for i, m in enumerate(network["multipliers"])]

        def block(in_channels, channels, attention):
            return ResidualBlock(in_channels, channels, time_channels, network["dropout"], attention)

        self.embed = nn.Sequential(
            nn.Linear(width, time_channels), nn.SiLU(), nn.Linear(time_channels, time_channels), nn.SiLU())
        self.head = nn.Conv2d(network["inputChannels"], width, 3, padding=1)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        now, kept = width, [width]
        for level, (channels, attention) in enumerate(levels):
            for _ in range(blocks):
                self.down.append(block(now, channels, attention))
                now = channels
                kept.append(now)
            if halving and level < len(levels) - 1:
                self.down.append(Halve(now))
                kept.append(now)
        self.middle = nn.ModuleList([block(now, now, True), block(now, now, False)])
        for level, (channels, attention) in reversed(list(enumerate(levels))):
            for _ in range(blocks + (1 if halving or level == 0 else 0)):
                self.up.append(block(now + kept.pop(), channels, attention))
                now = channels
            if halving and level > 0:
                self.up.append(Double(now))
        self.norm = nn.GroupNorm(GROUPS, now)
        self.tail = nn.Conv2d(now, network["outputChannels"], 3, padding=1)

    def forward(self, x, steps):
        half = self.width // 2
        rates = torch.exp(torch.arange(half) * (-math.log(10000.0) / half))
        angles = steps[:, None] * rates[None, :]
        t = self.embed(torch.cat([angles.sin(), angles.cos()], dim=1))
        x = self.head(x)
        kept = [x]
        for stage in self.down:
            x = stage(x, t)
            kept.append(x)
        for stage in self.middle:
            x = stage(x, t)
        for stage in self.up:
            if isinstance(stage, ResidualBlock):
                x = torch.cat([x, kept.pop()], dim=1)
            x = stage(x, t)
        return self.tail(F.silu(self.norm(x)))


class Task:
    """A network and what is repeated with it."""

    def __init__(self, request, device):
        torch.manual_seed(1)
        network = request["network"]
        self.training = request["task"] == "training"
        self.cuda = device == "cuda"
        self.model = UNet(network).train(self.training).to(device)
        shape = (request["batch"], network["inputChannels"], network["side"], network["side"])
        self.x = torch.randn(shape, device=device)
        self.steps = torch.randint(0, 1000, (request["batch"],), device=device).float()
        if self.training:
            self.target = torch.randn(request["batch"], network["outputChannels"], network["side"], network["side"],
                                      device=device)
            self.parameters = list(self.model.parameters())
            self.average = [p.detach().clone() for p in self.parameters]
            self.optimizer = torch.optim.Adam(self.parameters, lr=2e-4)
        self.multiply_accumulates = self.count()
        for _ in range(WARM_UP_RUNS):
            self.run()
        self.wait()

    def count(self):
        total = 0

        def hook(layer, inputs, output):
            nonlocal total
            total += output.numel() // output.shape[0] * layer.weight.numel() // layer.weight.shape[0]

        hooks = [layer.register_forward_hook(hook) for layer in self.model.modules()
                 if isinstance(layer, (nn.Conv2d, nn.Linear))]
        with torch.inference_mode():
            self.model(self.x, self.steps)
        for h in hooks:
            h.remove()
        return total

    def run(self):
        if not self.training:
            with torch.inference_mode():
                self.model(self.x, self.steps)
            return
        self.optimizer.zero_grad(set_to_none=True)
        F.mse_loss(self.model(self.x, self.steps), self.target).backward()
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        with torch.no_grad():
            for mean, p in zip(self.average, self.parameters):
                mean.lerp_(p, 1e-4)

    def wait(self):
        if self.cuda:
            torch.cuda.synchronize()

    def measure(self, seconds):
        times = []
        begin = time.perf_counter()
        while not times or time.perf_counter() - begin < seconds:
            start = time.perf_counter()
            self.run()
            self.wait()
            times.append(time.perf_counter() - start)
        return {"secondsPerBatch": statistics.median(times), "runs": len(times)}


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["cuda"]):
        sys.exit("usage: python3 unet_torch.py THREADS [cuda]")
    torch.set_num_threads(int(sys.argv[1]))
    device = "cuda" if len(sys.argv) == 3 else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        sys.exit("this torch has no CUDA device")
    task = None
    for line in sys.stdin:
        request = json.loads(line)
        if "network" in request:
            task = None
            task = Task(request, device)
            answer = {"parameters": sum(p.numel() for p in task.model.parameters()),
                      "multiplyAccumulates": task.multiply_accumulates, "version": torch.__version__}
        else:
            answer = task.measure(request["seconds"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
