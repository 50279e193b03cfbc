"""Reads a PyTorch state file (the format before 1.6: pickles followed by raw storages) without PyTorch and writes its
tensors in the safetensors layout.

Only the few names that a state dictionary of float tensors needs can be unpickled; anything else is refused, so an
altered file cannot run code.

The layout written (all little-endian), which is also easy to read from C++:
    8 bytes   N, length of the JSON header, unsigned 64-bit
    N bytes   {"<tensor>": {"dtype": "F32", "shape": [..], "data_offsets": [begin, end]}, ...}, padded with spaces
    rest      float32 values, row-major; offsets count bytes from the start of this part
Tensors are ordered by name, so the same input always gives the same bytes.
"""

import array
import collections
import io
import json
import pickle
import struct
import sys

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001
_WIDTH = {"FloatStorage": 4, "LongStorage": 8}


class _Storage:
    def __init__(self, kind, key, count):
        self.kind, self.key, self.count, self.data = kind, key, count, b""


class _Tensor:
    def __init__(self, storage, offset, shape, stride):
        self.storage, self.offset, self.shape, self.stride = storage, offset, tuple(shape), tuple(stride)


def _rebuild(storage, offset, shape, stride, *_unused):
    return _Tensor(storage, offset, shape, stride)


class _Reader(pickle.Unpickler):
    def __init__(self, stream, storages):
        super().__init__(stream, encoding="utf-8")
        self._storages = storages

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild
        if module == "torch" and name in _WIDTH:
            return name
        raise pickle.UnpicklingError(f"the state file asks for {module}.{name}, which no weights need")

    def persistent_load(self, saved):
        tag, kind, key, _location, count, view = saved
        if tag != "storage" or view is not None:
            raise pickle.UnpicklingError("unknown kind of stored object")
        return self._storages.setdefault(key, _Storage(kind, key, count))


def _row_by_row(tensor):
    """The float32 bytes of a tensor that may be a transposed view, in row-major order."""
    values = array.array("f", tensor.storage.data)
    positions = [tensor.offset]
    for size, step in zip(tensor.shape, tensor.stride):
        positions = [base + step * i for base in positions for i in range(size)]
    return array.array("f", [values[i] for i in positions]).tobytes()


def read_state(blob):
    """bytes of a state file -> {name: (shape, float32 bytes)}; raises ValueError or pickle.UnpicklingError."""
    if sys.byteorder != "little":
        raise ValueError("the state file can only be read on a little-endian machine")
    stream, storages = io.BytesIO(blob), {}
    if _Reader(stream, storages).load() != _MAGIC or _Reader(stream, storages).load() != _PROTOCOL:
        raise ValueError("not a PyTorch state file of the expected format")
    if not _Reader(stream, storages).load().get("little_endian"):
        raise ValueError("the state file is big-endian")
    state = _Reader(stream, storages).load()
    for key in _Reader(stream, storages).load():
        storage = storages[key]
        (count,) = struct.unpack("<q", stream.read(8))
        if count != storage.count:
            raise ValueError(f"storage {key} holds {count} values, {storage.count} were announced")
        storage.data = stream.read(count * _WIDTH[storage.kind])
        if len(storage.data) != count * _WIDTH[storage.kind]:
            raise ValueError("the state file ends too early")
    tensors = {}
    for name, tensor in state.items():
        if tensor.storage.kind != "FloatStorage":
            continue  # batch counters and the like: no weights
        tensors[name] = (tensor.shape, _row_by_row(tensor))
    return tensors


def to_safetensors(tensors):
    header, body = {}, b""
    for name in sorted(tensors):
        shape, data = tensors[name]
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + body
