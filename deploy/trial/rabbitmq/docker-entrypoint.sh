#!/bin/sh
# Serves as its own user, as the entrypoint of the image that this one stands in for.
set -eu
chown -R rabbitmq: /var/lib/rabbitmq
# Debian's own wrapper writes to files and passes no signal on; the program behind it does neither.
PATH=/usr/lib/rabbitmq/bin:$PATH
exec setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups "$@"
