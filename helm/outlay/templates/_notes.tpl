{{- define "outlay.notes" -}}
{{- $name := include "outlay.fullname" . -}}
{{- $admin := include "outlay.password" (list $ "admin") | fromYaml -}}
{{- $url := include "outlay.publicUrl" . -}}
Outlay {{ .Chart.AppVersion }} is being installed. It is ready when this ends:

  kubectl --namespace {{ .Release.Namespace }} rollout status deployment/{{ $name }}

Open it:
{{ if $url }}
  {{ $url }}
{{- else }}
  kubectl --namespace {{ .Release.Namespace }} port-forward svc/{{ $name }} 8000:{{ .Values.service.port }}
  http://localhost:8000
{{- end }}

Sign in as {{ .Values.admin.email }} with the password that this shows:

  kubectl --namespace {{ .Release.Namespace }} get secret {{ $admin.secret }} \
    --output go-template='{{ printf "{{index .data %q | base64decode}}" $admin.key }}{{ "{{\"\\n\"}}" }}'

Change it in Outlay afterwards: the Secret only made the account.

Try all of it:  helm test {{ .Release.Name }} --namespace {{ .Release.Namespace }} --logs
{{- include "outlay.notes.backup" . }}
{{ if .Values.postgresql.enabled }}
What `helm uninstall` keeps:
{{- if eq .Values.postgresql.persistence.whenDeleted "Retain" }}
  - the volume with all ledgers: PersistentVolumeClaim data-{{ include "outlay.postgresql" . }}-0
{{- end }}
{{- if include "outlay.madeKeys" . }}
  - the passwords: Secret {{ include "outlay.madeSecret" . }}
{{- end }}
  - the last try of `helm test`: Pod {{ $name }}-test
{{- include "outlay.notes.kept" . }}
A new installation of the same name takes them up again. To delete them, with all your data, for good:

  kubectl --namespace {{ .Release.Namespace }} delete pvc/data-{{ include "outlay.postgresql" . }}-0{{ if include "outlay.madeKeys" . }} secret/{{ include "outlay.madeSecret" . }}{{ end }}
{{- if eq .Values.postgresql.persistence.whenDeleted "Delete" }}

WARNING: postgresql.persistence.whenDeleted is Delete: uninstalling deletes every ledger.
{{- end }}
{{- else if include "outlay.madeKeys" . }}
`helm uninstall` keeps the Secret {{ include "outlay.madeSecret" . }}, and your database as it is.
{{- with include "outlay.notes.kept" . }}
It keeps as well:
{{- . }}
{{- end }}
{{- end }}
{{- if and (include "outlay.hosts" .) (not .Values.trustedProxies) }}

trustedProxies is empty: everybody behind your proxy counts as one address, with one limit of sign-in
attempts. Name the proxy's network there.
{{- end }}
{{- if hasPrefix "http://" $url }}

WARNING: {{ $url }} is not encrypted: passwords can be read on the way. docs/operations/exposure.md shows TLS.
{{- end }}
{{- end -}}
