{{- /* Who opens the database with what: service, migrations, exporter, backups and restores, wherever it is. */ -}}

{{- define "outlay.madeSecret" -}}
{{ include "outlay.fullname" . }}-passwords
{{- end -}}

{{- /* The Secret of each password as a dict: at, secret, key, optional. (list $ "service") */ -}}
{{- define "outlay.password" -}}
{{- $root := index . 0 -}}
{{- $whose := index . 1 -}}
{{- $v := $root.Values -}}
{{- $given := "" -}}
{{- $key := printf "%s-password" $whose -}}
{{- if eq $whose "admin" -}}
  {{- $given = $v.admin.existingSecret -}}
  {{- if $given }}{{ $key = $v.admin.passwordKey }}{{ end -}}
{{- else if $v.postgresql.enabled -}}
  {{- $given = $v.postgresql.existingSecret -}}
{{- else if eq $whose "exporter" -}}
  {{- $given = $v.metrics.exporter.existingSecret -}}
  {{- $key = $v.metrics.exporter.passwordKey -}}
{{- else if eq $whose "restore" -}}
  {{- $given = $v.restore.database.existingSecret -}}
  {{- $key = $v.restore.database.passwordKey -}}
{{- else if and (eq $whose "backup") $v.backup.database.user -}}
  {{- $given = $v.backup.database.existingSecret -}}
  {{- $key = $v.backup.database.passwordKey -}}
{{- else if and (has $whose (list "owner" "backup")) $v.externalDatabase.migration.user -}}
  {{- $given = $v.externalDatabase.migration.existingSecret -}}
  {{- $key = $v.externalDatabase.migration.passwordKey -}}
{{- else -}}
  {{- $given = $v.externalDatabase.existingSecret -}}
  {{- $key = $v.externalDatabase.passwordKey -}}
{{- end -}}
{{- $secret := $given | default (include "outlay.madeSecret" $root) -}}
{{- dict "at" $whose "secret" $secret "key" $key "optional" (ne $given "") | toYaml -}}
{{- end -}}

{{- /* The keys of the Secret that the chart makes; empty when all are somebody else's. */ -}}
{{- define "outlay.madeKeys" -}}
{{- $keys := list -}}
{{- if not .Values.admin.existingSecret }}{{ $keys = append $keys "admin-password" }}{{ end -}}
{{- if and .Values.postgresql.enabled (not .Values.postgresql.existingSecret) -}}
{{- $keys = concat $keys (list "owner-password" "service-password" "exporter-password" "backup-password" "restore-password") -}}
{{- end -}}
{{- join " " $keys -}}
{{- end -}}

{{- define "outlay.database.host" -}}
{{- if .Values.postgresql.enabled }}{{ include "outlay.postgresql" . }}{{ else }}{{ .Values.externalDatabase.host }}{{ end -}}
{{- end -}}

{{- define "outlay.database.port" -}}
{{- if .Values.postgresql.enabled }}5432{{ else }}{{ .Values.externalDatabase.port }}{{ end -}}
{{- end -}}

{{- define "outlay.database.user" -}}
{{- $root := index . 0 -}}
{{- $whose := index . 1 -}}
{{- $external := $root.Values.externalDatabase -}}
{{- if $root.Values.postgresql.enabled -}}
outlay_{{ $whose }}
{{- else if eq $whose "restore" -}}
{{ $root.Values.restore.database.user }}
{{- else if and (eq $whose "backup") $root.Values.backup.database.user -}}
{{ $root.Values.backup.database.user }}
{{- else if has $whose (list "owner" "backup") -}}
{{ $external.migration.user | default $external.user }}
{{- else -}}
{{ $external.user }}
{{- end -}}
{{- end -}}

{{- define "outlay.database.sslMode" -}}
{{- $v := .Values -}}
{{- if $v.postgresql.enabled }}{{ ternary "verify-full" "disable" $v.postgresql.tls.enabled }}{{ else }}{{ $v.externalDatabase.sslMode }}{{ end -}}
{{- end -}}

{{- /* The Secret with the certificate authority, as a dict like that of a password; empty without one. */ -}}
{{- define "outlay.database.ca" -}}
{{- $v := .Values -}}
{{- if and $v.postgresql.enabled $v.postgresql.tls.enabled -}}
{{- dict "at" "ca" "secret" $v.postgresql.tls.existingSecret "key" "ca.crt" "optional" true | toYaml -}}
{{- else if and (not $v.postgresql.enabled) $v.externalDatabase.ca.existingSecret -}}
{{- dict "at" "ca" "secret" $v.externalDatabase.ca.existingSecret "key" $v.externalDatabase.ca.key "optional" true | toYaml -}}
{{- end -}}
{{- end -}}

{{- define "outlay.database.parameters" -}}
{{- $ca := include "outlay.database.ca" . -}}
sslmode={{ include "outlay.database.sslMode" . }}{{ if $ca }}&sslrootcert={{ include "outlay.secret.path" (fromYaml $ca) }}{{ end -}}
{{- end -}}

{{- define "outlay.database.name" -}}
{{- if .Values.postgresql.enabled }}outlay{{ else }}{{ .Values.externalDatabase.database }}{{ end -}}
{{- end -}}

{{- /* The environment that opens the database as (list $ "service") or (list $ "owner"). */ -}}
{{- define "outlay.database.env" -}}
{{- $root := index . 0 -}}
- name: OUTLAY_DATABASE_URL
  value: postgresql://{{ include "outlay.database.user" . | urlquery }}@{{ include "outlay.database.host" $root }}:{{ include "outlay.database.port" $root }}/{{ include "outlay.database.name" $root | urlquery }}?{{ include "outlay.database.parameters" $root }}
- name: OUTLAY_DATABASE_PASSWORD_FILE
  value: {{ include "outlay.secret.path" (include "outlay.password" . | fromYaml) }}
{{- end -}}
