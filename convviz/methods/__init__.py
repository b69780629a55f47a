"""How a feature map is computed: one method a file, all made ready for one layout the same way."""
