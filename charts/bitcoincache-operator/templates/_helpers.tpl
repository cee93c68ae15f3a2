{{- define "bitcoincache.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/*
The name of what no namespace has. Operators of some namespaces each have their own, also where their releases are called
the same; those names may hold a colon, which neither part does, and be longer than others.
*/}}
{{- define "bitcoincache.clusterName" -}}
{{- include "bitcoincache.name" . -}}
{{- if .Values.watchNamespaces }}:{{ .Release.Namespace }}{{ end -}}
{{- end -}}

{{- define "bitcoincache.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "bitcoincache.labels" -}}
{{ include "bitcoincache.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: bitcoincache
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* One image reference: (dict "root" $ "image" "backend") */}}
{{- define "bitcoincache.image" -}}
{{- $image := get .root.Values.images .image -}}
{{- with .root.Values.global.imageRegistry -}}{{ printf "%s/" . }}{{- end -}}
{{- $image -}}
{{- end -}}

{{/* What every pod of the operator's image has. */}}
{{- define "bitcoincache.pod" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* What every container of the operator's image has. */}}
{{- define "bitcoincache.container" -}}
image: {{ include "bitcoincache.image" (dict "root" . "image" "operator") }}
imagePullPolicy: {{ .Values.imagePullPolicy }}
resources: {{- toYaml .Values.resources | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end -}}

{{/* A name with something behind it, as long as a name may be: (dict "root" $ "suffix" "test") */}}
{{- define "bitcoincache.nameWith" -}}
{{- $suffix := printf "-%s" .suffix -}}
{{- include "bitcoincache.name" .root | trunc (sub 63 (len $suffix) | int) | trimSuffix "-" }}{{ $suffix }}
{{- end -}}

{{/* The metadata of a hook's object, after its name: (dict "root" $ "event" "test" "weight" 0) */}}
{{- define "bitcoincache.hook" -}}
labels: {{- include "bitcoincache.labels" .root | nindent 2 }}
annotations:
  helm.sh/hook: {{ .event }}
  helm.sh/hook-weight: {{ .weight | quote }}
  helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
  helm.sh/hook-output-log-policy: hook-succeeded,hook-failed
{{- end -}}

{{/* The served namespaces as a JSON list; empty where all are served. The operator's own is always among them. */}}
{{- define "bitcoincache.namespaces" -}}
{{- if .Values.watchNamespaces -}}
{{- append .Values.watchNamespaces .Release.Namespace | uniq | sortAlpha | toJson -}}
{{- else -}}
[]
{{- end -}}
{{- end -}}
