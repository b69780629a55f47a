"""convviz: see a kernel slide over an image, multiply, add, write one number.

The names below are the library; `convviz.ui` and the pages are one way to look at it.
"""

from convviz.convolution import conv2d, convolve2d, correlate2d
from convviz.geometry import output_shape
from convviz.images import read_image
from convviz.kernels import KERNELS, kernel
from convviz.layers import avg_pool2d, max_pool2d, relu
from convviz.matrices import MatrixError, format_matrix, parse_matrix
from convviz.picture_reader import ImageError
from convviz.plans import Plan, plan
from convviz.trace import Step, Trace, trace

__all__ = [
    "KERNELS",
    "ImageError",
    "MatrixError",
    "Plan",
    "Step",
    "Trace",
    "avg_pool2d",
    "conv2d",
    "convolve2d",
    "correlate2d",
    "format_matrix",
    "kernel",
    "max_pool2d",
    "output_shape",
    "parse_matrix",
    "plan",
    "read_image",
    "relu",
    "trace",
]
