"""Train a small network on 8x8 images of handwritten digits.

Plain Python, nothing to install, nothing that tracks: parameters come from
params.yaml, results go to models/, metrics.json and logs.csv.
"""

import json
import math
import os
import random


def read_params(path):
    """Two levels of "section:" and "  key: value", which is all we need."""
    params, section = {}, None
    with open(path) as file:
        for line in file:
            line = line.split("#")[0].rstrip()
            if not line:
                continue
            key, value = (part.strip() for part in line.split(":", 1))
            if line[0] != " ":
                section = params[key] = {}
            else:
                section[key] = json.loads(value)
    return params


def read_image(path):
    """A plain PGM file: "P2", size, largest grey, then the pixels."""
    with open(path) as file:
        words = file.read().split()
    grey = int(words[3])
    return [(at, int(word) / grey) for at, word in enumerate(words[4:]) if word != "0"]


def read_images(folder):
    """Pixels and digit of each image; the digit is the end of its name."""
    images = []
    for name in sorted(os.listdir(folder)):
        digit = int(name.rsplit("-", 1)[1][0])
        images.append((read_image(os.path.join(folder, name)), digit))
    return images


def make_layer(rows, columns, rng):
    scale = 1 / math.sqrt(rows)
    return [[rng.uniform(-scale, scale) for _ in range(columns)] for _ in range(rows)]


def add_rows(layer, inputs, bias):
    """bias + inputs * layer, where inputs are (row, value) pairs."""
    total = bias
    for row, value in inputs:
        total = [old + value * weight for old, weight in zip(total, layer[row])]
    return total


def think(net, pixels):
    """What the hidden units say, and how likely each digit is."""
    hidden = [math.tanh(x) for x in add_rows(net["hidden"], pixels, net["hidden_bias"])]
    scores = add_rows(net["out"], enumerate(hidden), net["out_bias"])
    top = max(scores)
    likely = [math.exp(score - top) for score in scores]
    whole = sum(likely)
    return hidden, [one / whole for one in likely]


def learn(net, pixels, digit, rate):
    hidden, likely = think(net, pixels)
    wrong = likely[:]
    wrong[digit] -= 1
    back = []
    for unit, said in enumerate(hidden):
        row = net["out"][unit]
        blame = sum(weight * miss for weight, miss in zip(row, wrong))
        back.append(blame * (1 - said * said))
        step = rate * said
        net["out"][unit] = [weight - step * miss for weight, miss in zip(row, wrong)]
    for at, value in pixels:
        step = rate * value
        net["hidden"][at] = [weight - step * blame for weight, blame in zip(net["hidden"][at], back)]
    net["hidden_bias"] = [old - rate * blame for old, blame in zip(net["hidden_bias"], back)]
    net["out_bias"] = [old - rate * miss for old, miss in zip(net["out_bias"], wrong)]


def test(net, images):
    right, loss = 0, 0.0
    for pixels, digit in images:
        likely = think(net, pixels)[1]
        right += likely.index(max(likely)) == digit
        loss -= math.log(max(likely[digit], 1e-12))
    return round(right / len(images), 4), round(loss / len(images), 4)


def main():
    params = read_params("params.yaml")
    units, epochs, rate = params["model"]["units"], params["train"]["epochs"], params["train"]["lr"]
    images = read_images("data/images")
    split = len(images) * 4 // 5
    rng = random.Random(7)
    net = {"hidden": make_layer(64, units, rng), "hidden_bias": [0.0] * units,
           "out": make_layer(units, 10, rng), "out_bias": [0.0] * 10}
    with open("logs.csv", "w") as logs:
        logs.write("epoch,loss,accuracy\n")
        for epoch in range(1, epochs + 1):
            for pixels, digit in rng.sample(images[:split], split):
                learn(net, pixels, digit, rate)
            accuracy, loss = test(net, images[split:])
            logs.write(f"{epoch},{loss},{accuracy}\n")
            print(f"epoch {epoch}/{epochs}  loss {loss:.4f}  accuracy {accuracy:.4f}", flush=True)
    os.makedirs("models", exist_ok=True)
    with open("models/digits.json", "w") as file:
        json.dump(net, file)
    with open("metrics.json", "w") as file:
        json.dump({"accuracy": accuracy, "loss": loss}, file)


main()
