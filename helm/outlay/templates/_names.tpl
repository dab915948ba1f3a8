{{- define "outlay.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- /* 40 characters leave room for what is added, and for the number of a StatefulSet's pod. */ -}}
{{- define "outlay.fullname" -}}
{{- $name := include "outlay.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "outlay.postgresql" -}}
{{ include "outlay.fullname" . }}-postgresql
{{- end -}}

{{- /* The labels that select a component's pods: (list $ "service"). */ -}}
{{- define "outlay.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "outlay.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- /* The labels of an object: (list $ "service"). */ -}}
{{- define "outlay.labels" -}}
{{- $root := index . 0 -}}
{{ include "outlay.selector" . }}
app.kubernetes.io/part-of: outlay
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- /* The labels of a pod, without those that change with every version: (list $ "service"). */ -}}
{{- define "outlay.podLabels" -}}
{{- $root := index . 0 -}}
{{ include "outlay.selector" . }}
app.kubernetes.io/part-of: outlay
{{- with $root.Values.podLabels }}
{{ toYaml . }}
{{- end -}}
{{- end -}}

{{- /* An image by digest, by tag, or by the chart's version: (dict "image" .Values.image "root" $). */ -}}
{{- define "outlay.image" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ .image.repository }}:{{ .image.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "outlay.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (include "outlay.fullname" .) -}}
{{- end -}}
