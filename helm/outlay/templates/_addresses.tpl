{{- /* The host names of the Ingress and the HTTPRoute, separated by spaces. */ -}}
{{- define "outlay.hosts" -}}
{{- $hosts := list -}}
{{- if .Values.ingress.enabled }}{{ $hosts = concat $hosts .Values.ingress.hosts }}{{ end -}}
{{- if .Values.httpRoute.enabled }}{{ $hosts = concat $hosts .Values.httpRoute.hostnames }}{{ end -}}
{{- join " " (uniq $hosts) -}}
{{- end -}}

{{- /* The address that people use; https for an Ingress with TLS and for an HTTPRoute, whose Gateway brings it. */ -}}
{{- define "outlay.publicUrl" -}}
{{- $hosts := include "outlay.hosts" . -}}
{{- if .Values.publicUrl -}}
{{ .Values.publicUrl | trimSuffix "/" }}
{{- else if $hosts -}}
{{- $plain := and .Values.ingress.enabled .Values.ingress.hosts (not .Values.ingress.tls) -}}
{{ ternary "http" "https" $plain }}://{{ splitList " " $hosts | first }}
{{- end -}}
{{- end -}}

{{- /* The path of the public address, "/" without one. */ -}}
{{- define "outlay.basePath" -}}
{{- $url := include "outlay.publicUrl" . -}}
{{- if $url }}{{ (urlParse $url).path | default "/" }}{{ else }}/{{ end -}}
{{- end -}}

{{- /* Everything the service answers to: its Service's names, the exposed hosts, and what the values add. */ -}}
{{- define "outlay.allowedHosts" -}}
{{- $name := include "outlay.fullname" . -}}
{{- $own := list $name (printf "%s.%s" $name .Release.Namespace) (printf "%s.%s.svc" $name .Release.Namespace) (printf "%s.%s.svc.cluster.local" $name .Release.Namespace) -}}
{{- $hosts := include "outlay.hosts" . -}}
{{- if $hosts }}{{ $own = concat $own (splitList " " $hosts) }}{{ end -}}
{{- concat $own .Values.allowedHosts | uniq | join "," -}}
{{- end -}}

{{- /* Replicas that there may be at least and at most. */ -}}
{{- define "outlay.replicas.least" -}}
{{- if .Values.autoscaling.enabled }}{{ .Values.autoscaling.minReplicas }}{{ else }}{{ .Values.replicas }}{{ end -}}
{{- end -}}

{{- define "outlay.replicas.most" -}}
{{- if .Values.autoscaling.enabled }}{{ .Values.autoscaling.maxReplicas }}{{ else }}{{ .Values.replicas }}{{ end -}}
{{- end -}}
