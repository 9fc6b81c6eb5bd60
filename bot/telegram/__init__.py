"""The same conversation in Telegram: a durable inbox, a durable outbox, nothing else."""
