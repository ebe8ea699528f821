#!/bin/sh
# The secrets of a new installation: random, each in a file of its own in deploy/secrets. What is there already stays.
# The folder is closed to everybody but its owner; the files are readable inside the containers that they are given to.
#   sh deploy/make_secrets.sh [FOLDER]
set -eu
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"
for name in secret_key postgres_password owner_password app_password job_password backup_password queue_password; do
  [ -s "$name" ] || openssl rand -hex 40 >"$name"
done
for name in secret_key_fallbacks mail_password; do
  [ -e "$name" ] || : >"$name"   # empty until they are wanted
done
if [ ! -s backup_certificate ]; then
  openssl req -x509 -newkey rsa:3072 -noenc -days 3650 -subj "/CN=backups of Community Solutions" \
    -keyout backup_key -out backup_certificate 2>/dev/null
  echo "Take backup_key off this server now and keep two copies: without it no backup can be read."
fi
chmod 444 ./*
if [ -e backup_key ]; then chmod 400 backup_key; fi
if [ ! -s tls_certificate ] || [ ! -s tls_key ]; then
  echo "Put the council's certificate (with its chain) and key here: tls_certificate, tls_key."
fi
