{{- /* What is backed up to where, and what is still to be done. */ -}}
{{- define "outlay.notes.backup" -}}
{{- $namespace := .Release.Namespace -}}
{{- if .Values.backup.enabled }}
{{- $made := include "outlay.backup.madeKey" . }}

Backups: {{ .Values.backup.schedule }} ({{ .Values.backup.timeZone }}), each one restored and compared. How they stand:

  kubectl --namespace {{ $namespace }} get backupschedules,backups
{{- if $made }}

COPY THE KEY AWAY FROM THIS CLUSTER, now. Without it nobody opens a backup, and it only lies here. This writes it
to a file; put that into a password manager, or print it:

  kubectl --namespace {{ $namespace }} wait job --selector app.kubernetes.io/instance={{ .Release.Name }},app.kubernetes.io/component=key --for condition=complete
  kubectl --namespace {{ $namespace }} get secret {{ $made }} \
    --output go-template='{{ print `{{.data.identity | base64decode}}` }}' > {{ $made }}.txt

Then take it out of the cluster, so that who gets in here cannot open the backups. They go on without it:

  kubectl --namespace {{ $namespace }} patch secret {{ $made }} --type json \
    --patch '[{"op": "remove", "path": "/data/identity"}]'
{{- end }}
{{- if eq (include "outlay.backup.place" .) "volume" }}

WARNING: the backups lie on a volume of this cluster, and are lost with it. backup.s3, backup.azure or backup.gcs
names a bucket elsewhere; docs/operations/backups.md shows how.
{{- end }}
{{- else }}

NOTHING IS BACKED UP YET. --set backup.enabled=true makes a backup each night; docs/operations/backups.md tells
where to, and who holds the key.
{{- end }}
{{- end -}}

{{- /* What of it uninstalling keeps, as items of a list. */ -}}
{{- define "outlay.notes.kept" -}}
{{- if .Values.backup.enabled }}
{{- if eq (include "outlay.backup.place" .) "volume" }}
  - the backups: PersistentVolumeClaim {{ include "outlay.backup.claim" . }}
{{- end }}
{{- with include "outlay.backup.madeKey" . }}
  - the key that opens them: Secret {{ . }}
{{- end }}
{{- end }}
{{- if .Values.operator.enabled }}
  - the custom resource definitions, with the Backups and Restores that are there, and what was told of them:
    ConfigMap {{ include "outlay.backup.state" . }}
{{- end }}
{{- end -}}
