"""The operator's area: every account's health, and the queues and processes behind them."""
