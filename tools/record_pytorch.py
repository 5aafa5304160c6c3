"""Record what PyTorch does to a small net, step by step. Needs PyTorch 2.13.0; nothing else here does.

    python tools/record_pytorch.py FOLDER            writes FOLDER/pytorch_adam.npz

The net: 10 → 50 → 1, ReLU after the hidden layer, PyTorch's own start (seed 0). The data: 128 rows of 10
standard normal inputs and one target uniform in [0, 1], drawn by PyTorch. Step t = 1, 2, … uses the rows 32
(t − 1) to 32 t, beginning again after the fourth batch. Float64, CPU, one thread.

    x (128, 10), t (128, 1)     inputs and targets
    steps (14,)                 the numbers of the recorded steps; 0 is the start
    W1 (14, 10, 50) b1 (14, 50) W2 (14, 50, 1) b2 (14, 1)    parameters after that many steps
    loss (200,)                 the mean loss of batch t, before step t

PyTorch keeps a layer's weights as (outputs, inputs); here they are turned to (inputs, outputs).
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch

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


if __name__ == "__main__":
    main()
