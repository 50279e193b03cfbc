"""setup/torch_state.py: reads what it should, refuses what could run code."""
import json
import pickle
import struct
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "setup"))
import torch_state  # noqa: E402


class Named:
    """Pickles as a reference to module.name, as the real library's classes would."""

    def __init__(self, module, name):
        self.text = f"c{module}\n{name}\n".encode()


def state_file(shape, stride, values):
    """A state file with one tensor "w", written opcode by opcode: the library that writes them is not needed."""

    def number(n):
        return b"K" + bytes([n])

    def numbers(ns):
        return b"(" + b"".join(number(n) for n in ns) + b"t"

    def text(s):
        return b"X" + struct.pack("<I", len(s)) + s.encode()

    storage = b"(" + text("storage") + Named("torch", "FloatStorage").text + text("0") + text("cpu") + number(len(values)) + b"Nt" + b"Q"
    tensor = (Named("torch._utils", "_rebuild_tensor_v2").text + b"(" + storage + number(0) + numbers(shape) + numbers(stride) +
              b"\x89" + Named("collections", "OrderedDict").text + b")R" + b"tR")
    state = b"\x80\x02}" + text("w") + tensor + b"s."
    head = b"".join(pickle.dumps(part, 2) for part in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}))
    return head + state + pickle.dumps(["0"], 2) + struct.pack("<q", len(values)) + struct.pack(f"<{len(values)}f", *values)


class TorchState(unittest.TestCase):
    def test_reads_a_tensor(self):
        state = torch_state.read_state(state_file((2, 3), (3, 1), [1, 2, 3, 4, 5, 6]))
        self.assertEqual(state["w"], ((2, 3), struct.pack("<6f", 1, 2, 3, 4, 5, 6)))

    def test_a_transposed_view_is_written_row_by_row(self):
        state = torch_state.read_state(state_file((3, 2), (1, 3), [1, 2, 3, 4, 5, 6]))
        self.assertEqual(state["w"][1], struct.pack("<6f", 1, 4, 2, 5, 3, 6))

    def test_safetensors_layout(self):
        blob = torch_state.to_safetensors({"b": ((1,), struct.pack("<f", 7)), "a": ((2,), struct.pack("<2f", 1, 2))})
        (length,) = struct.unpack("<Q", blob[:8])
        header = json.loads(blob[8:8 + length])
        begin, end = header["b"]["data_offsets"]
        self.assertEqual(header["a"]["shape"], [2])
        self.assertEqual(struct.unpack("<f", blob[8 + length + begin:8 + length + end]), (7,))

    def test_refuses_anything_else(self):
        head = b"".join(pickle.dumps(part, 2) for part in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}))
        for module, name in (("os", "system"), ("builtins", "eval"), ("torch", "load")):
            with self.assertRaises(pickle.UnpicklingError):
                torch_state.read_state(head + b"c" + f"{module}\n{name}\n".encode() + b"(X\x04\x00\x00\x00truetR.")

    def test_refuses_a_cut_file(self):
        whole = state_file((2, 3), (3, 1), [1, 2, 3, 4, 5, 6])
        for length in range(0, len(whole), 3):
            with self.assertRaises((ValueError, EOFError, pickle.UnpicklingError, struct.error, KeyError, AttributeError, IndexError)):
                torch_state.read_state(whole[:length])


if __name__ == "__main__":
    unittest.main()
