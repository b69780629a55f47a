"""How many products column x row a kernel is the sum of, and which."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def factors(
    kernel: NDArray[np.float64], most: int, tolerance: float
) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """Write a kernel as a sum of products column x row.

    Parameters
    ----------
    kernel : (kh, kw) float64 array
        Finite.
    most : int
        The largest rank looked for.
    tolerance : float
        The sum of what may be left over, in parts of the sum of all |weights|: the error of a
        feature map is at most that times max|image| times sum|kernel|. A kernel of whole numbers
        must come out exactly.

    Returns
    -------
    columns : (rank, kh) array
    rows : (rank, kw) array
        ``kernel`` is ``columns.T @ rows``; whole numbers if a kernel of rank 1 has whole weights.
        None if the rank is larger than `most`.

    Notes
    -----
    Takes away, each time, the column and the row through the largest weight that is left, over
    that weight (Gaussian elimination with complete pivoting). Golub, Van Loan, Matrix
    Computations, 4th edition (2013), section 3.4.

    Examples
    --------
    >>> columns, rows = factors(np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]), 1, 1e-15)
    >>> columns.tolist(), rows.tolist()
    ([[1.0, 2.0, 1.0]], [[-1.0, 0.0, 1.0]])
    """
    left = kernel.copy()
    whole = bool(np.all(kernel == np.rint(kernel)) and np.abs(kernel).max() < 2**53)
    allowed = 0.0 if whole else tolerance * float(np.abs(kernel).sum())
    columns: list[NDArray[Any]] = []
    rows: list[NDArray[Any]] = []
    while not columns or np.abs(left).sum() > allowed:
        if len(columns) == most:
            return None
        i, j = divmod(int(np.abs(left).argmax()), kernel.shape[1])
        column, row = left[:, j].copy(), left[i].copy()
        # Over the pivot; for whole numbers over the row's common divisor, which keeps both whole.
        row /= (np.gcd.reduce(row.astype(np.int64)) if whole and not columns else row[j]) or 1
        column /= row[j] or 1
        columns.append(column)
        rows.append(row)
        left -= np.outer(column, row)
    return np.array(columns), np.array(rows)
