{{- define "outlay.policy.dns" -}}
- to: {{- toYaml .Values.networkPolicy.dns | nindent 4 }}
  ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
{{- end -}}

{{- define "outlay.policy.database" -}}
{{- if .Values.postgresql.enabled -}}
- to:
    - podSelector:
        matchLabels: {{- include "outlay.selector" (list $ "postgresql") | nindent 10 }}
  ports:
    - {port: postgresql, protocol: TCP}
{{- else -}}
- to:
    {{- range .Values.networkPolicy.externalDatabase.cidrs }}
    - ipBlock: {cidr: {{ . }}}
    {{- end }}
  ports:
    - {port: {{ .Values.externalDatabase.port }}, protocol: TCP}
{{- end -}}
{{- end -}}

{{- define "outlay.policy.metricsFrom" -}}
{{- toYaml (.Values.networkPolicy.metricsFrom | default (list (dict "namespaceSelector" dict))) -}}
{{- end -}}

{{- define "outlay.policy.apiServer" -}}
- to:
    {{- range .Values.networkPolicy.apiServer.cidrs }}
    - ipBlock: {cidr: {{ . }}}
    {{- end }}
  ports:
    {{- range .Values.networkPolicy.apiServer.ports }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
{{- end -}}

{{- /* The components that only speak with the API server, separated by spaces. */ -}}
{{- define "outlay.policy.apiClients" -}}
{{- $found := list -}}
{{- if include "outlay.madeKeys" . }}{{ $found = append $found "secret" }}{{ end -}}
{{- if include "outlay.backup.madeKey" . }}{{ $found = append $found "key" }}{{ end -}}
{{- if .Values.backup.enabled }}{{ $found = append $found "request" }}{{ end -}}
{{- if and .Values.operator.enabled .Values.crds.upgrade }}{{ $found = append $found "crds" }}{{ end -}}
{{- join " " $found -}}
{{- end -}}
