"""Trains a small classifier on each view of a data set, and tells how well it does on episodes that it has not seen.

usage: train.py DATASET [--csv FOLDER] [--view VIEW]... [--seed N]

It learns from the split "train" and is judged on the split "test"; the groups of the two are disjoint. Which columns are
features is read from DATASET/VIEW/features.json: nothing else is learned from. The rows are read from FOLDER/VIEW.csv,
which to-csv.mjs writes, or else from the Parquet files, which takes pyarrow. Runs with Debian's python3-sklearn.
"""
import argparse
import json
import pathlib
import sys

import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.metrics import balanced_accuracy_score, confusion_matrix, recall_score
from sklearn.pipeline import make_pipeline


def main():
    options = parse_options()
    views = options.view or [view for view in ("deployable", "oracle", "all") if (options.dataset / view).is_dir()]
    if not views:
        sys.exit(f"{options.dataset} has no view to learn from")
    results = [judge(options, view) for view in views]
    print(figures(results))
    for result in results:
        print(confusion(result))


def parse_options():
    parser = argparse.ArgumentParser(description="Trains a small classifier on each view of a data set.")
    parser.add_argument("dataset", type=pathlib.Path, help="the folder that `cis490 dataset build` wrote")
    parser.add_argument("--csv", type=pathlib.Path, help="the folder of VIEW.csv; default: read the Parquet files")
    parser.add_argument("--view", action="append", help="a view; default: every one that is there")
    parser.add_argument("--seed", type=int, default=1, help="of the forest")
    return parser.parse_args()


def judge(options, view):
    features = read_features(options.dataset / view / "features.json")
    rows = read_rows(options, view)
    train, test = rows[rows["split"] == "train"], rows[rows["split"] == "test"]
    hold_apart(train, test)
    classes = sorted(rows["label"].unique())
    model = classifier(options.seed).fit(train[features], train["label"])
    told = model.predict(test[features])
    return {
        "view": view,
        "classes": classes,
        "features": len(features),
        "train": len(train),
        "test": len(test),
        "accuracy": balanced_accuracy_score(test["label"], told),
        "recall": recall_score(test["label"], told, labels=classes, average=None, zero_division=0),
        "confusion": confusion_matrix(test["label"], told, labels=classes),
        "leans_on": leans_on(model, features),
    }


def classifier(seed):
    """A null becomes the median of the training rows; classes weigh alike, however many rows they have."""
    forest = RandomForestClassifier(n_estimators=200, class_weight="balanced", random_state=seed)
    return make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), forest)


def read_features(path):
    return [feature["name"] for feature in json.loads(path.read_text())["features"]]


def read_rows(options, view):
    if options.csv is None:
        return pd.read_parquet(options.dataset / view / "aligned")
    # names and labels stay text, though they may look like numbers or like nothing
    text = {name: str for name in ("episode_id", "split", "label", "phase", "pair")}
    return pd.read_csv(options.csv / f"{view}.csv", dtype=text, keep_default_na=False, na_values=[""])


def hold_apart(train, test):
    if train.empty or test.empty:
        sys.exit("both splits, train and test, need rows: build the data set with --split")
    both = set(train["episode_id"]) & set(test["episode_id"])
    if both:
        sys.exit(f"episodes in both splits: {', '.join(sorted(both))}")


def leans_on(model, features):
    """The features that the forest uses most."""
    importances = model[-1].feature_importances_
    return [name for _, name in sorted(zip(importances, features), reverse=True)[:3]]


def figures(results):
    classes = results[0]["classes"]
    head = ["view", "features", "train", "test", "balanced accuracy", *(f"recall {name}" for name in classes)]
    lines = [
        [r["view"], r["features"], r["train"], r["test"], f"{r['accuracy']:.2f}", *(f"{value:.2f}" for value in r["recall"])]
        for r in results
    ]
    chance = ["by chance", "", "", "", f"{1 / len(classes):.2f}", *([""] * len(classes))]
    return table([head, *lines, chance])


def confusion(result):
    classes = result["classes"]
    lines = [[name, *counts] for name, counts in zip(classes, result["confusion"])]
    head = [f"{result['view']}: was \\ taken for", *classes]
    return f"\n{table([head, *lines])}\nleans on: {', '.join(result['leans_on'])}"


def table(lines):
    """Columns as wide as their widest cell, numbers to the right."""
    cells = [[str(cell) for cell in line] for line in lines]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    first = lambda cell, width: cell.ljust(width)
    other = lambda cell, width: cell.rjust(width)
    return "\n".join(
        "  ".join((first if i == 0 else other)(cell, widths[i]) for i, cell in enumerate(line)).rstrip() for line in cells
    )


if __name__ == "__main__":
    main()
