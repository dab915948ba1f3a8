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
