#!/bin/sh
# Lay out the topology and the one user, whose password comes from .env, then start as the image does.
set -eu
case "$GOODSOUT_PASSWORD" in
*[!A-Za-z0-9_-]*)
    echo "RABBITMQ_PASSWORD may hold letters, digits, _ and - only: it stands in an address." >&2
    exit 1
    ;;
esac
cp /goodsout/definitions.json /run/goodsout/10-topology.json
# It sees queues and rates in the management pages, and administers nothing.
cat >/run/goodsout/20-user.json <<JSON
{
  "users": [{"name": "goodsout", "password": "$GOODSOUT_PASSWORD", "tags": "monitoring"}],
  "permissions": [
    {"user": "goodsout", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}
  ]
}
JSON
chown -R rabbitmq: /run/goodsout
chmod -R go= /run/goodsout
unset GOODSOUT_PASSWORD
exec docker-entrypoint.sh rabbitmq-server
