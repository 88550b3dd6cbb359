"""What Goodsout says of its own accord: timeline rows for now, mails and alerts later."""
