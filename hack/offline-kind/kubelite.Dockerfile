ARG BASE
FROM $BASE
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends iptables nftables ipset conntrack kmod
COPY kubelite etcd /usr/local/bin/
RUN for c in kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet kubeadm kubectl; do \
      ln -s kubelite /usr/local/bin/$c; done
