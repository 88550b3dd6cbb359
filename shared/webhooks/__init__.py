"""What both vendors' webhook endpoints share: subscriptions, signatures, and keeping an event."""
