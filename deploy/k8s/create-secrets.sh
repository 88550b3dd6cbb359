#!/usr/bin/env bash
# Create the Secrets that the pods read. One that is there already is left as it is: a new key would
# make everything unreadable that the old one encrypted.
#
#   DATABASE_URL=postgresql+psycopg://… [SMTP_URL=smtp://…] [BRIGHTPEARL_CLIENT_SECRET=…] create-secrets.sh
#   create-secrets.sh local      # passwords of its own making, for the database and broker beside it
set -euo pipefail
namespace=${NAMESPACE:-goodsout}

secret() { # its name, then NAME=value for each key; values never stand on a command line
    local name=$1
    shift
    if kubectl --namespace "$namespace" get secret "$name" >/dev/null 2>&1; then
        echo "$name is there and stays as it is"
        return
    fi
    printf '%s\n' "$@" | kubectl --namespace "$namespace" create secret generic "$name" --from-env-file=/dev/stdin
}

random() { head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

if [ "${1:-}" = local ]; then
    database_password=$(random)
    broker_password=$(random)
    DATABASE_URL="postgresql+psycopg://goodsout:$database_password@postgresql:5432/goodsout"
    SMTP_URL="smtp://sandbox:8125?starttls=off"
    BRIGHTPEARL_CLIENT_SECRET=sandbox-client-secret
    secret postgresql "password=$database_password"
    secret rabbitmq-default-user username=goodsout "password=$broker_password" \
        "connection_string=amqp://goodsout:$broker_password@rabbitmq:5672/"
fi

# 32 random bytes as a Fernet key has them; `goodsout secrets new-key` makes such a one too.
secret goodsout "DATABASE_URL=${DATABASE_URL:?is needed}" "SECRET_KEYS=$(head -c 32 /dev/urandom | base64 | tr '+/' '-_')"
secret goodsout-portal "SECRET_KEY=$(random)" "SECURITY_PASSWORD_SALT=$(random)"
[ -z "${SMTP_URL:-}" ] || secret goodsout-mail "SMTP_URL=$SMTP_URL"
[ -z "${BRIGHTPEARL_CLIENT_SECRET:-}" ] || secret goodsout-vendors "BRIGHTPEARL_CLIENT_SECRET=$BRIGHTPEARL_CLIENT_SECRET"
