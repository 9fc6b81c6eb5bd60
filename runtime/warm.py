"""`python -m runtime.warm`: compiles what is compiled, once an installation."""

from runtime.core.kernels.warm import compile_kernels
from runtime.core.machine.warm import compile_machine

if __name__ == "__main__":
    print("Compiling the engine (once, about a minute)…", flush=True)
    print(f"Ready: {compile_kernels()} kernels and {compile_machine()} entrances of the machine are on disk.")
