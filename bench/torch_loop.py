#!/usr/bin/env python3
"""Pictures a second of a plain PyTorch loop: the yardstick for `pyrometer-train train`.

The same network (residual 64,128,256 x 2,2,2), batch, loss and optimiser as ours by default, written as one writes it with
torch alone: augmentation by affine_grid and grid_sample on the batch, Nesterov SGD, an average of the weights, bf16 by autocast.

  python3 bench/torch_loop.py ../shared/data/fer2013/fer2013-public-images-idx3-ubyte.gz [--arithmetic bf16] [--steps 40] [--threads 1]

Ours, in the same run: pyrometer-train train --data <the same file> --out <new folder> --epochs 1 --arithmetic bf16 --json;
pictures / seconds of its line. Needs torch for Python (Debian: python3-torch).
"""
import argparse
import gzip
import json
import math
import pathlib
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, inside, out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inside, out, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(out)
        self.shortcut = None
        if stride != 1 or inside != out:
            pool = [nn.AvgPool2d(2)] if stride == 2 else []
            self.shortcut = nn.Sequential(*pool, nn.Conv2d(inside, out, 1, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(y + (x if self.shortcut is None else self.shortcut(x)))


class Net(nn.Module):
    def __init__(self, channels=(64, 128, 256), blocks=2):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, channels[0], 5, 2, 2, bias=False), nn.BatchNorm2d(channels[0]), nn.ReLU())
        layers, width = [], channels[0]
        for stage, out in enumerate(channels):
            for block in range(blocks):
                layers.append(Block(width, out, 2 if stage and not block else 1))
                width = out
        self.layers = nn.Sequential(*layers)
        self.heads = nn.ModuleList([nn.Linear(width, 7), nn.Linear(width, 7)])

    def forward(self, x):
        x = F.dropout(self.layers(self.stem(x)).mean((2, 3)), 0.2, self.training)
        return [head(x) for head in self.heads]


def augmented(x):
    n = len(x)
    angle = (torch.rand(n) * 2 - 1) * math.pi / 12
    scale = 1 + (torch.rand(n) * 2 - 1) * 0.15
    flip = torch.where(torch.rand(n) < 0.5, -1.0, 1.0)
    shift = (torch.rand(n, 2) * 2 - 1) * 4 / 24
    theta = torch.stack([torch.stack([flip * scale * angle.cos(), -scale * angle.sin(), shift[:, 0]], 1),
                         torch.stack([flip * scale * angle.sin(), scale * angle.cos(), shift[:, 1]], 1)], 1)
    x = F.grid_sample(x, F.affine_grid(theta, x.shape, align_corners=False), padding_mode="border", align_corners=False)
    return (x - x.mean((1, 2, 3), keepdim=True)) / x.std((1, 2, 3), keepdim=True).clamp_min(8)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("images")
    parser.add_argument("--arithmetic", choices=["f32", "bf16"], default="bf16")
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(1)
    raw = gzip.decompress(pathlib.Path(given.images).read_bytes())
    pictures = torch.from_numpy(np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 1, 48, 48).copy())
    labels = torch.randint(0, 7, (len(pictures),))  # which ones does not change the time
    net = Net().to(memory_format=torch.channels_last)
    average = {name: value.clone() for name, value in net.state_dict().items()}
    optimiser = torch.optim.SGD(net.parameters(), 0.01, momentum=0.9, nesterov=True, weight_decay=5e-4)
    times = []
    for step in range(given.steps + 5):
        began = time.perf_counter()
        at = torch.randint(0, len(pictures), (given.batch,))
        x = augmented(pictures[at].float()).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=given.arithmetic == "bf16"):
            logits = net(x)
        loss = sum(F.cross_entropy(one.float(), labels[at], label_smoothing=0.1) for one in logits)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        with torch.no_grad():
            for name, value in net.state_dict().items():
                if value.is_floating_point():
                    average[name].lerp_(value, 0.001)
        times.append(time.perf_counter() - began)
    times = sorted(times[5:])
    print(json.dumps({"torch": torch.__version__, "arithmetic": given.arithmetic, "threads": given.threads,
                      "pictures_per_s": round(given.batch / times[len(times) // 2], 1)}))


if __name__ == "__main__":
    main()
