"""Run by each kernel that `make lab` or Binder starts, and by nothing else."""

if "get_ipython" in globals():
    globals()["get_ipython"]().run_line_magic("load_ext", "immunolib._hints")
