"""Rewrites an ensemble of this program with NumPy and h5py, in every form that they allow and it does not use.

python3 make-foreign-files.py ensemble.npz   writes ensemble-numpy.npz and ensemble-h5py.h5 (NumPy 2.4, h5py 3.16)
"""
import sys
import h5py
import numpy as np

data = np.load(sys.argv[1])
# compressed, big-endian, first index fastest
np.savez_compressed("ensemble-numpy.npz", **{
    name: np.asfortranarray(a.astype(a.dtype.newbyteorder(">"))) if a.ndim else a for name, a in data.items()})
# old group format without checksums, big-endian numbers, text of variable length
with h5py.File("ensemble-h5py.h5", "w", libver="earliest") as file:
    file["metadata"] = str(data["metadata"][()])
    for name, a in data.items():
        if name != "metadata":
            file[name] = a.astype(a.dtype.newbyteorder(">"))
