"""Where notices go besides mail: signed webhooks and chats, for owners to set up."""
