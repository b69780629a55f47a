"""How a feature map is computed: one method a file, all with the same `correlate`."""
