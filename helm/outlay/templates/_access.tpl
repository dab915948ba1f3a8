{{- /*
An account and what it may do: (dict "root" $ "component" "secret" "name" "outlay-secret" "rules" "- ..."). With
"cluster" true its rights hold in every namespace, with "annotations" all three objects have these.
*/ -}}
{{- define "outlay.access" -}}
{{- $namespace := .root.Release.Namespace -}}
{{- $labels := include "outlay.labels" (list .root .component) -}}
{{- $cluster := .cluster | default false -}}
{{- $kind := ternary "ClusterRole" "Role" $cluster -}}
{{- $role := ternary (printf "%s-%s" $namespace .name) .name $cluster -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .name }}
  namespace: {{ $namespace }}
  labels: {{- $labels | nindent 4 }}
  {{- with .annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $kind }}
metadata:
  name: {{ $role }}
  {{- if not $cluster }}
  namespace: {{ $namespace }}
  {{- end }}
  labels: {{- $labels | nindent 4 }}
  {{- with .annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
rules: {{- .rules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $kind }}Binding
metadata:
  name: {{ $role }}
  {{- if not $cluster }}
  namespace: {{ $namespace }}
  {{- end }}
  labels: {{- $labels | nindent 4 }}
  {{- with .annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: {{ $kind }}, name: {{ $role }}}
subjects:
  - {kind: ServiceAccount, name: {{ .name }}, namespace: {{ $namespace }}}
{{- end -}}

{{- /* To make a Secret, not to read or change any. */ -}}
{{- define "outlay.rules.makeSecret" -}}
- {apiGroups: [""], resources: [secrets], verbs: [create]}
{{- end -}}

{{- /* The operator's. It reads no Secret: what needs one mounts it. */ -}}
{{- define "outlay.rules.operator" -}}
- {apiGroups: [outlay.dev], resources: [backupschedules, backups, restores], verbs: [get, list, watch]}
- {apiGroups: [outlay.dev], resources: [backups], verbs: [create, patch, delete]}
- {apiGroups: [outlay.dev], resources: [backupschedules/status, backups/status, restores/status], verbs: [patch]}
- {apiGroups: [batch], resources: [cronjobs], verbs: [get, create, patch]}
- {apiGroups: [batch], resources: [jobs], verbs: [get, list, watch, create, patch, delete]}
- {apiGroups: [""], resources: [pods], verbs: [list, watch]}
- {apiGroups: [""], resources: [events], verbs: [create, list]}
- {apiGroups: [""], resources: [configmaps], verbs: [create]}
- {apiGroups: [""], resources: [configmaps], resourceNames: [{{ include "outlay.backup.state" . }}], verbs: [get, patch]}
{{- end -}}

{{- /* To ask for a backup and wait for it. */ -}}
{{- define "outlay.rules.request" -}}
- {apiGroups: [outlay.dev], resources: [backups], verbs: [create, get, list, watch]}
{{- end -}}

{{- /* The names of what is created cannot be limited; what may be changed is. */ -}}
{{- define "outlay.rules.crds" -}}
- {apiGroups: [apiextensions.k8s.io], resources: [customresourcedefinitions], verbs: [create]}
- apiGroups: [apiextensions.k8s.io]
  resources: [customresourcedefinitions]
  resourceNames: [backupschedules.outlay.dev, backups.outlay.dev, restores.outlay.dev]
  verbs: [get, patch]
{{- end -}}
