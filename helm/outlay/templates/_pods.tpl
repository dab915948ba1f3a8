{{- /* What every pod has, with the user it runs as: (dict "root" $ "user" 10001). "token" lets it use the API server. */ -}}
{{- define "outlay.pod" -}}
automountServiceAccountToken: {{ .token | default false }}
enableServiceLinks: false
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .root.Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user }}
  runAsGroup: {{ .user }}
  fsGroup: {{ .user }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "outlay.container" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
terminationMessagePolicy: FallbackToLogsOnError
{{- end -}}

{{- define "outlay.placement" -}}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* A password's file; its path names the Secret and the key, so that an error message does. */ -}}
{{- define "outlay.secret.path" -}}
/etc/outlay/{{ .at }}/{{ .secret }}/{{ .key }}
{{- end -}}

{{- define "outlay.secret.mount" -}}
- name: {{ .at }}
  mountPath: /etc/outlay/{{ .at }}/{{ .secret }}
  readOnly: true
{{- end -}}

{{- /*
A Secret that somebody else makes may be missing: then the program says so, as the kubelet would not.
One that the chart makes is waited for.
*/ -}}
{{- define "outlay.secret.volume" -}}
- name: {{ .at }}
  secret:
    secretName: {{ .secret }}
    defaultMode: 0440
    optional: {{ .optional }}
    items:
      - {key: {{ .key }}, path: {{ .key }}}
{{- end -}}

{{- /* Something that goes with the pod: (dict "name" "tmp" "size" "64Mi"). */ -}}
{{- define "outlay.scratch" -}}
- name: {{ .name }}
  emptyDir: {sizeLimit: {{ .size }}}
{{- end -}}

{{- /* A value as text: whole numbers as such, however YAML read them. */ -}}
{{- define "outlay.plain" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- end -}}
