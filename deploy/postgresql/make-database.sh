#!/bin/sh
# Make the database and the role that owns it, once, when the server's folder is new. Every process
# of ours logs in as that role, which is no superuser; what the portal's pages see is fenced by the
# role goodsout_portal, which only a superuser may make (shared/db/row_security.py).
set -eu
psql --quiet --username "$POSTGRES_USER" --dbname postgres \
    --set ON_ERROR_STOP=1 --set "password=$POSTGRES_PASSWORD" <<'SQL'
CREATE ROLE goodsout_portal NOLOGIN;
CREATE ROLE goodsout LOGIN PASSWORD :'password' IN ROLE goodsout_portal;
CREATE DATABASE goodsout OWNER goodsout;
-- From now on the superuser logs in from within the container alone.
ALTER ROLE CURRENT_USER PASSWORD NULL;
SQL
