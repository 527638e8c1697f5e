"""The GAN steps of gpu-check in PyTorch, on the same card: eager, and as CUDA graphs.

Arguments are names of steps. Prints, separated by tabs: name, 1 with TF32, way, milliseconds, peak MB; of
each way the faster of the two memory layouts. The networks are those of wengert.benchmarks.Gans: no biases,
Adam 2e-4 (fused, PyTorch's fastest), betas 0.5 and 0.999; cuDNN searches for its fastest algorithms.
"""
import statistics
import sys
import time

import torch
from torch import nn
import torch.nn.functional as F

NOISE = 100
STEPS = {  # batch, channels, layer norm in D, Wasserstein with gradient penalty, channels of the generator
    "dcgan32-b64": (64, 1, False, False, (256, 128, 64)),
    "dcgan64-b64": (64, 3, False, False, (512, 256, 128, 64)),
    "dcgan64-b128": (128, 3, False, False, (512, 256, 128, 64)),
    "wgangp32-ln-b64": (64, 1, True, True, (256, 128, 64)),
    "wgangp32-bn-b64": (64, 1, False, True, (256, 128, 64)),
}
DEVICE = torch.device("cuda")


class Gan:
    def __init__(self, batch, channels, layer_norm, wasserstein, widths, layout):
        self.batch, self.wasserstein, self.layout = batch, wasserstein, layout
        layers = [nn.ConvTranspose2d(NOISE, widths[0], 4, 1, 0, bias=False)]
        for i, width in enumerate(widths):
            after = widths[i + 1] if i + 1 < len(widths) else channels
            layers += [nn.BatchNorm2d(width), nn.ReLU(True),
                       nn.ConvTranspose2d(width, after, 4, 2, 1, bias=False)]
        generator = nn.Sequential(*layers, nn.Tanh())
        size = 4 << len(widths)
        shape = (batch, channels, size, size)
        layers, before = [], channels
        for i, width in enumerate(reversed(widths)):
            layers.append(nn.Conv2d(before, width, 4, 2, 1, bias=False))
            size //= 2
            if i > 0:
                layers.append(nn.LayerNorm((width, size, size)) if layer_norm else nn.BatchNorm2d(width))
            layers.append(nn.LeakyReLU(0.2, True))
            before = width
        discriminator = nn.Sequential(*layers, nn.Conv2d(before, 1, 4, 1, 0, bias=False))
        self.g = generator.to(DEVICE, memory_format=layout)
        self.d = discriminator.to(DEVICE, memory_format=layout)
        self.real = (torch.rand(shape, device=DEVICE) * 2 - 1).to(memory_format=layout)
        adam = dict(lr=2e-4, betas=(0.5, 0.999), fused=True, capturable=True)
        self.opt_g = torch.optim.Adam(self.g.parameters(), **adam)
        self.opt_d = torch.optim.Adam(self.d.parameters(), **adam)

    def noise(self):
        return torch.randn(self.batch, NOISE, 1, 1, device=DEVICE)

    def penalty(self, fake):
        eps = torch.rand(self.batch, 1, 1, 1, device=DEVICE)
        x = (self.real * eps + fake * (1 - eps)).requires_grad_(True)
        gradient, = torch.autograd.grad(self.d(x).sum(), x, create_graph=True)
        return 10 * (gradient.square().sum((1, 2, 3)).sqrt() - 1).square().mean()

    @staticmethod
    def bce(logits, target):
        return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))

    def step(self):
        self.opt_d.zero_grad(set_to_none=True)
        with torch.no_grad():
            fake = self.g(self.noise())
        on_fake, on_real = self.d(fake), self.d(self.real)
        if self.wasserstein:
            loss = on_fake.mean() - on_real.mean() + self.penalty(fake)
        else:
            loss = self.bce(on_fake, 0.0) + self.bce(on_real, 1.0)
        loss.backward()
        self.opt_d.step()
        self.opt_g.zero_grad(set_to_none=True)
        self.d.requires_grad_(False)
        logits = self.d(self.g(self.noise()))
        (-logits.mean() if self.wasserstein else self.bce(logits, 1.0)).backward()
        self.d.requires_grad_(True)
        self.opt_g.step()


def captured(gan):
    """The whole step as one CUDA graph."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(5):
            gan.step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        gan.step()
    return graph.replay


def seconds(work):
    def run(count):
        torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(count):
            work()
        torch.cuda.synchronize()
        return (time.perf_counter() - start) / count

    end = time.perf_counter() + 1.5
    while time.perf_counter() < end:
        one = run(5)
    count = max(1, int(0.3 / one))
    return statistics.median(run(count) for _ in range(5))


def best(name, way):
    """Milliseconds and peak megabytes in the faster layout."""
    found = []
    for layout in (torch.contiguous_format, torch.channels_last):
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
        gan = Gan(*STEPS[name], layout)
        work = captured(gan) if way == "CUDA graph" else gan.step
        found.append((1e3 * seconds(work), torch.cuda.max_memory_allocated() / 1e6))
        del work, gan
    return min(found)


def main():
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(7)
    for tf32 in (False, True):
        torch.backends.cuda.matmul.allow_tf32 = tf32
        torch.backends.cudnn.allow_tf32 = tf32
        for name in sys.argv[1:]:
            for way in ("eager", "CUDA graph"):
                try:
                    ms, mb = best(name, way)
                    print(name, int(tf32), way, "%.4f" % ms, "%.0f" % mb, sep="\t", flush=True)
                except Exception as e:  # one way that fails is a line, not the end
                    print("%s %s failed: %s" % (name, way, str(e).split("\n")[0]), flush=True)


main()
