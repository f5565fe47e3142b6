# `python bench/cleanlab-scores.py probs.npy labels.npy`: the noise rate and the ranking by cleanlab's code (2.9), for probabilities and labels
# that `selfadapt cross-validate --labels-out` wrote, beside those of docs/label-issues.md.
import sys

import numpy as np
from cleanlab.count import compute_confident_joint
from cleanlab.rank import get_label_quality_scores
from sklearn.metrics import average_precision_score, roc_auc_score

probabilities = np.load(sys.argv[1])
given, clean = np.load(sys.argv[2]).T
wrong = given != clean
joint = compute_confident_joint(given, probabilities, calibrate=True)
print(f"true {wrong.mean():.3f}, confident joint {1 - np.trace(joint) / joint.sum():.3f}")
for method in ("self_confidence", "normalized_margin"):
    score = -get_label_quality_scores(given, probabilities, method=method)
    top = wrong[np.argsort(-score, kind="stable")[:500]].mean()
    roc, precision = roc_auc_score(wrong, score), average_precision_score(wrong, score)
    print(f"{method}: AUROC {roc:.3f}, AP {precision:.3f}, top 500 {top:.3f}")
