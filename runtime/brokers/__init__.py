"""Where orders go. Until live trading lands there is one broker, and it moves no real money."""
