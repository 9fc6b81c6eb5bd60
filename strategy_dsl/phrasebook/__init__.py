"""Plain English to rules without a model, for what is fully understood."""
