"""The way out to addresses that merchants enter: checked when it is connected, bounded in all."""
