{{- define "outlay.operator" -}}
{{ include "outlay.fullname" . }}-operator
{{- end -}}

{{- define "outlay.operator.image" -}}
{{ include "outlay.image" (dict "image" .Values.operator.image "root" .) }}
{{- end -}}

{{- /* The account of the Jobs that back up and restore. */ -}}
{{- define "outlay.backup.account" -}}
{{ include "outlay.fullname" . }}-backup
{{- end -}}

{{- /* The ConfigMap in which the operator tells how the backups stand; the service reads it. */ -}}
{{- define "outlay.backup.state" -}}
{{ include "outlay.fullname" . }}-backup-state
{{- end -}}

{{- /* Where a password lies, as custom resources name it: (list $ "backup"). */ -}}
{{- define "outlay.operator.secretRef" -}}
{{- $password := include "outlay.password" . | fromYaml -}}
{{- dict "name" $password.secret "key" $password.key | toYaml -}}
{{- end -}}

{{- define "outlay.operator.database" -}}
host: {{ include "outlay.database.host" . }}
port: {{ include "outlay.database.port" . }}
name: {{ include "outlay.database.name" . | quote }}
user: {{ include "outlay.database.user" (list . "backup") | quote }}
passwordSecretRef: {{- include "outlay.operator.secretRef" (list . "backup") | nindent 2 }}
sslMode: {{ include "outlay.database.sslMode" . }}
{{- with include "outlay.database.ca" . | fromYaml }}
caSecretRef: {name: {{ .secret }}, key: {{ .key }}}
{{- end }}
{{- end -}}

{{- /* Who restores; empty with an external database for which nobody is named. */ -}}
{{- define "outlay.operator.admin" -}}
{{- if or .Values.postgresql.enabled .Values.restore.database.user -}}
user: {{ include "outlay.database.user" (list . "restore") | quote }}
passwordSecretRef: {{- include "outlay.operator.secretRef" (list . "restore") | nindent 2 }}
owner: {{ include "outlay.database.user" (list . "owner") | quote }}
{{- end -}}
{{- end -}}

{{- /* What the operator is told of the release and of the pods that it makes. */ -}}
{{- define "outlay.operator.settings" -}}
{{- $release := dict "namespace" .Release.Namespace "database" (include "outlay.operator.database" . | fromYaml) -}}
{{- with include "outlay.operator.admin" . | fromYaml }}{{ $_ := set $release "admin" . }}{{ end -}}
{{- $labels := include "outlay.podLabels" (list . "") | fromYaml -}}
{{- dict
  "namespace" (ternary "" .Release.Namespace .Values.operator.clusterWide)
  "operatorImage" (include "outlay.operator.image" .)
  "serviceImage" (include "outlay.image" (dict "image" .Values.image "root" .))
  "imagePullPolicy" .Values.operator.image.pullPolicy
  "imagePullSecrets" .Values.imagePullSecrets
  "serviceVersion" .Chart.AppVersion
  "serviceAccount" (include "outlay.backup.account" .)
  "allowedServiceAccounts" .Values.operator.allowedServiceAccounts
  "podLabels" (omit $labels "app.kubernetes.io/component")
  "release" $release
  "stateConfigMap" (include "outlay.backup.state" .)
  | toPrettyJson -}}
{{- end -}}
