#!/usr/bin/env bash
# Backups of the database, and the way back.
#   backup.sh forever              one every BACKUP_HOURS (24), kept KEEP_DAYS (35); the service of docker-compose.yml
#   backup.sh once                 one now
#   backup.sh fresh                ends with 0 where the newest is young enough: the health check
#   backup.sh restore FILE         into the empty database PGDATABASE, then compared with what the backup counted
# A backup is whole when its .manifest is there: its hash, and every table's rows and the policies as of the same moment.
# BACKUP_CERTIFICATE names a certificate to encrypt to; restoring then wants its key in BACKUP_KEY, which lives elsewhere.
set -euo pipefail
umask 077
self=${BASH_SOURCE[0]}
folder=${BACKUPS:-/backups}
every=${BACKUP_HOURS:-24} keep=${KEEP_DAYS:-35}
if [ -n "${PGPASSWORD_FILE:-}" ]; then PGPASSWORD=$(<"$PGPASSWORD_FILE"); export PGPASSWORD; fi

# Rows of every table, the policies (not their expressions, whose words change when they are read again), the tables under
# row security and the triggers: the same words before and after.
counted="
SELECT format('SELECT %L || '' '' || count(*) FROM %I.%I', 'rows ' || schemaname || '.' || tablename, schemaname, tablename)
  FROM pg_tables WHERE schemaname IN ('public', 'acting') ORDER BY schemaname, tablename \\gexec
SELECT 'policies ' || md5(string_agg(concat_ws('|', schemaname, tablename, policyname, permissive, roles, cmd), ';'
       ORDER BY schemaname, tablename, policyname)) || ' ' || count(*) FROM pg_policies;
SELECT 'protected tables ' || count(*) FROM pg_class WHERE relrowsecurity;
SELECT 'triggers ' || count(*) FROM pg_trigger WHERE NOT tgisinternal;
"
ask() { psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --tuples-only --no-align "$@"; }
sha() { openssl dgst -sha256 -r "$1" | cut -d' ' -f1; }
say() { printf '{"at":"%s","logger":"backup","message":"%s"}\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1"; }

dump() { # of the moment named in SNAPSHOT, into the file $1
  if [ -n "${BACKUP_CERTIFICATE:-}" ]; then
    pg_dump --format=custom --snapshot="$SNAPSHOT" |
      openssl cms -encrypt -aes-256-gcm -binary -stream -outform DER -out "$1" "$BACKUP_CERTIFICATE"
  else
    pg_dump --format=custom --snapshot="$SNAPSHOT" --file="$1"
  fi
}

once() {
  local name whole
  name=community-solutions-$(date -u +%Y%m%dT%H%M%SZ).dump${BACKUP_CERTIFICATE:+.cms}
  whole=$folder/$name
  rm -f "$folder"/*.part
  # One transaction sees one moment; pg_dump is shown the same one.
  SELF=$self WHOLE=$whole.part ask >"$whole.counts.part" <<SQL
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot \\gset
\\setenv SNAPSHOT :snapshot
\\! bash "\$SELF" dump "\$WHOLE"
\\if :SHELL_ERROR
  DO \$\$ BEGIN RAISE 'the dump failed'; END \$\$;
\\endif
$counted
COMMIT;
SQL
  if [ -r "${SEALS:-}" ]; then cp "$SEALS" "$whole.seals"; fi
  { echo "sha256 $(sha "$whole.part")"; cat "$whole.counts.part"; } >"$whole.manifest.part"
  sync
  mv "$whole.part" "$whole"
  mv "$whole.manifest.part" "$whole.manifest"
  rm -f "$whole.counts.part"
  find "$folder" -maxdepth 1 -name 'community-solutions-*' -mtime +"$keep" -delete
  say "backup made: $name, $(($(wc -c <"$whole") / 1024)) kB"
}

fresh() { [ -n "$(find "$folder" -maxdepth 1 -name '*.manifest' -mmin -$(((every + ${1:-2}) * 60)) -print -quit)" ]; }

forever() {
  trap 'exit 0' TERM INT
  while :; do
    fresh 0 || bash "$self" once || say "no backup could be made; trying again in five minutes"
    sleep 300 &
    wait $!
  done
}

restore() {
  local file=$1 found
  if [ ! -r "$file.manifest" ]; then echo "There is no $file.manifest: this backup is not whole." >&2; exit 1; fi
  if [ "sha256 $(sha "$file")" != "$(head -n 1 "$file.manifest")" ]; then echo "The file has changed since it was made." >&2; exit 1; fi
  if [ "$(ask -c "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")" != 0 ]; then
    echo "The database $PGDATABASE is not empty. A backup goes into an empty one only." >&2
    exit 1
  fi
  case $file in
    *.cms) openssl cms -decrypt -inform DER -in "$file" -inkey "$BACKUP_KEY" ;;
    *) cat "$file" ;;
  esac | pg_restore --exit-on-error --single-transaction --no-owner --dbname="$PGDATABASE"
  found=$(ask <<<"$counted")
  if ! diff <(tail -n +2 "$file.manifest") <(printf '%s\n' "$found") >&2; then
    echo "What was restored is not what was kept: see the lines above (< kept, > found)." >&2
    exit 1
  fi
  # Numbers of transactions begin again in a new server; the trail's seals count from here as the next epoch.
  ask -c "INSERT INTO ledger_marker (name, value) VALUES ('epoch', '2')
          ON CONFLICT (name) DO UPDATE SET value = (ledger_marker.value::int + 1)::text, set_at = now()"
  ask -c "SET client_min_messages = error" -c ANALYZE
  say "restored, and equal to what was kept: $(grep -c '^rows ' "$file.manifest") tables"
}

case ${1:-} in
  once | forever | fresh) "$1" ;;
  dump) dump "$2" ;;
  restore) restore "${2:?which file?}" ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$self"; exit 64 ;;
esac
