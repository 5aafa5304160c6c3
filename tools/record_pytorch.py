"""Record what PyTorch does to a small net and to two matrices. Needs PyTorch 2.13.0; nothing else here does.

    python tools/record_pytorch.py FOLDER            writes FOLDER/pytorch_adam.npz and FOLDER/pytorch_muon.npz

`pytorch_adam.npz`, which lessons read. The net: 10 → 50 → 1, ReLU after the hidden layer, PyTorch's own start (seed
0). The data: 128 rows of 10 standard normal inputs and one target uniform in [0, 1], drawn by PyTorch. Step t = 1, 2, …
uses the rows 32 (t − 1) to 32 t, beginning again after the fourth batch. Float64, CPU, one thread.

    x (128, 10), t (128, 1)     inputs and targets
    steps (14,)                 the numbers of the recorded steps; 0 is the start
    W1 (14, 10, 50) b1 (14, 50) W2 (14, 50, 1) b2 (14, 1)    parameters after that many steps
    loss (200,)                 the mean loss of batch t, before step t

`pytorch_muon.npz`, which tests read: `torch.optim.Muon` at lr 0.05 with each weight decay of DECAYS, with and without
Nesterov, with each scale of SCALES ("none" cannot be asked of the constructor: it is set afterwards). The gradients are
standard normal and do not depend on the parameters, which start normal, too.

    wide, tall (21, inputs, outputs)    the start, and the gradients of 20 steps
    wide_64, tall_64 (2, 2, 3, 3, inputs, outputs)    by decay, Nesterov and scale, the matrix after step 1, 5 and 20,
        with Muon's cast to bfloat16 replaced by the identity: its iteration in float64
    wide_16, tall_16                    the same as PyTorch comes, its iteration in bfloat16

PyTorch keeps a layer's weights as (outputs, inputs); here they are turned to (inputs, outputs).
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch

DECAYS, SCALES, MUON_STEPS = (0.0, 0.1), ("match_rms_adamw", "original", "none"), (1, 5, 20)
SHAPES = {"wide": (4, 7), "tall": (7, 4)}
STEPS = (0, 1, 2, 3, 4, 5, 8, 10, 20, 30, 50, 100, 150, 200)


def main() -> None:
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    x, t = torch.randn(128, 10), torch.rand(128, 1)
    net = torch.nn.Sequential(torch.nn.Linear(10, 50), torch.nn.ReLU(), torch.nn.Linear(50, 1))
    adam = torch.optim.Adam(net.parameters(), lr=0.001)
    loss_of = torch.nn.BCEWithLogitsLoss()

    def parameters() -> dict[str, np.ndarray]:
        hidden, _, out = net
        layers = {"W1": hidden.weight.T, "b1": hidden.bias, "W2": out.weight.T, "b2": out.bias}
        return {key: array.detach().numpy().copy() for key, array in layers.items()}

    recorded, losses = [parameters()], []
    for step in range(1, STEPS[-1] + 1):
        rows = slice(32 * ((step - 1) % 4), 32 * ((step - 1) % 4) + 32)
        adam.zero_grad()
        loss = loss_of(net(x[rows]), t[rows])
        loss.backward()
        adam.step()
        losses.append(loss.item())
        if step in STEPS:
            recorded.append(parameters())

    path: dict[str, Any] = {key: np.stack([at[key] for at in recorded]) for key in recorded[0]}
    file = Path(sys.argv[1]) / "pytorch_adam.npz"
    np.savez_compressed(file, x=x.numpy(), t=t.numpy(), steps=np.array(STEPS), loss=np.array(losses), **path)


def muon_after(given: torch.Tensor, decay: float, nesterov: bool, scale: str) -> list[np.ndarray]:
    """The matrix after each of MUON_STEPS; `given`: the start and the gradients, as (inputs, outputs)."""
    weights = torch.nn.Parameter(given[0].T.clone())
    muon = torch.optim.Muon([weights], lr=0.05, weight_decay=decay, nesterov=nesterov)
    muon.param_groups[0]["adjust_lr_fn"] = scale
    after = []
    for step, gradient in enumerate(given[1:], 1):
        weights.grad = gradient.T.clone()
        muon.step()
        if step in MUON_STEPS:
            after.append(weights.detach().T.numpy().copy())
    return after


def record_muon(folder: Path) -> None:
    torch.manual_seed(1)
    given = {name: torch.randn(21, *shape) for name, shape in SHAPES.items()}
    found = {name: array.numpy() for name, array in given.items()}
    cast = torch.Tensor.bfloat16
    for bits, made in ((16, cast), (64, torch.Tensor.clone)):
        torch.Tensor.bfloat16 = made  # type: ignore[method-assign, assignment]
        for name, array in given.items():
            runs = [[[muon_after(array, w, n, s) for s in SCALES] for n in (False, True)] for w in DECAYS]
            found[f"{name}_{bits}"] = np.array(runs)
    torch.Tensor.bfloat16 = cast  # type: ignore[method-assign]
    np.savez_compressed(folder / "pytorch_muon.npz", **found)


if __name__ == "__main__":
    main()
    record_muon(Path(sys.argv[1]))
