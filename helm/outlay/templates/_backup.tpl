{{- /* The kind of place that backups go to: s3, azure, gcs, or volume. */ -}}
{{- define "outlay.backup.place" -}}
{{- with .Values.backup -}}
{{- if .s3.bucket }}s3{{ else if .azure.container }}azure{{ else if .gcs.bucket }}gcs{{ else }}volume{{ end -}}
{{- end -}}
{{- end -}}

{{- /* A schedule's kind of place cannot change, so that each kind has a schedule of its own name. */ -}}
{{- define "outlay.backup.schedule" -}}
{{- $place := include "outlay.backup.place" . -}}
{{ include "outlay.fullname" . }}{{ if ne $place "volume" }}-{{ $place }}{{ end }}
{{- end -}}

{{- define "outlay.backup.claim" -}}
{{ .Values.backup.persistence.existingClaim | default (printf "%s-backups" (include "outlay.fullname" .)) }}
{{- end -}}

{{- /* The claim that the chart makes; empty where backups go elsewhere. */ -}}
{{- define "outlay.backup.madeClaim" -}}
{{- with .Values.backup -}}
{{- if and .enabled (eq (include "outlay.backup.place" $) "volume") (not .persistence.existingClaim) }}{{ include "outlay.backup.claim" $ }}{{ end -}}
{{- end -}}
{{- end -}}

{{- /* The Secret with the key that is made where nobody names one. */ -}}
{{- define "outlay.backup.madeKey" -}}
{{- with .Values.backup -}}
{{- if and .enabled (not .recipients) (not .recipientsSecret.name) }}{{ include "outlay.fullname" $ }}-backup-key{{ end -}}
{{- end -}}
{{- end -}}

{{- define "outlay.backup.destination" -}}
{{- $place := include "outlay.backup.place" . -}}
{{- if eq $place "volume" -}}
volume:
  claimName: {{ include "outlay.backup.claim" . }}
  {{- with .Values.backup.persistence.path }}
  path: {{ . | quote }}
  {{- end }}
{{- else -}}
{{ $place }}:
  {{- $given := get .Values.backup $place }}
  {{- range $name := list "bucket" "container" "account" "prefix" "endpoint" "region" }}
  {{- with get $given $name }}
  {{ $name }}: {{ . | quote }}
  {{- end }}
  {{- end }}
  {{- with $given.existingSecret }}
  credentialsSecretRef: {name: {{ . }}}
  {{- end }}
  {{- with $given.options }}
  options: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
{{- end -}}

{{- define "outlay.backup.encryption" -}}
{{- $v := .Values.backup -}}
{{- with $v.recipients }}
recipients: {{- toYaml . | nindent 2 }}
{{- end }}
{{- if include "outlay.backup.madeKey" . }}
recipientsSecretRef: {name: {{ include "outlay.backup.madeKey" . }}, key: recipient}
{{- else if $v.recipientsSecret.name }}
recipientsSecretRef: {name: {{ $v.recipientsSecret.name }}, key: {{ $v.recipientsSecret.key }}}
{{- end }}
{{- end -}}

{{- define "outlay.backup.job" -}}
resources: {{- toYaml .Values.backup.job.resources | nindent 2 }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- range $name := list "nodeSelector" "tolerations" "affinity" "annotations" "serviceAccountName" }}
{{- with get $.Values.backup.job $name }}
{{ $name }}: {{- if kindIs "string" . }} {{ . }}{{ else }}{{ toYaml . | nindent 2 }}{{ end }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* A command of the operator's image that speaks with the API server: (dict "root" $ "component" "key" "account" "name" "args" (list ...)). */ -}}
{{- define "outlay.backup.command" -}}
{{- include "outlay.pod" (dict "root" .root "user" 10001 "token" true) }}
serviceAccountName: {{ .account }}
restartPolicy: {{ .restartPolicy | default "Never" }}
containers:
  - name: {{ .component }}
    image: {{ include "outlay.operator.image" .root }}
    imagePullPolicy: {{ .root.Values.operator.image.pullPolicy }}
    {{- with .command }}
    command: {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with .args }}
    args: {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- include "outlay.container" .root | nindent 4 }}
    resources:
      requests: {cpu: 10m, memory: 64Mi, ephemeral-storage: 1Mi}
      limits: {memory: 128Mi, ephemeral-storage: 16Mi}
    volumeMounts:
      - {name: tmp, mountPath: /tmp}
volumes:
  {{- include "outlay.scratch" (dict "name" "tmp" "size" "8Mi") | nindent 2 }}
{{- end -}}
