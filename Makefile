# 常用命令。只写 make，就列出它们。
.DEFAULT_GOAL := help
.PHONY: help report install wheel test lint bench bench-batch docs truth checker-coverage golden templates pictures real archive-proof lists newest proof windows windows-proof clean setup setup-tests

PYTHON ?= python3
BIN := .venv/bin
CODE := src tests $(shell find tools benchmarks -name '*.py' 2>/dev/null)

# All of src counts; values and steps, which are all but the shell, the disk and the adapters, count more.
OUTSIDE := src/reportgen/cli.py,src/reportgen/itself.py,src/reportgen/paths.py,*/commands/*,*/store/*,*/sources/*,*/makers/*,*/signing/*

# The real reports that "make real" reads.
export REPORTGEN_REAL ?= ../shared/reports

help:  ## 列出这些命令
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

report: setup  ## 生成示例年报（莱阳市穴坊镇 2020 年），并告诉您文件在哪里
	@$(BIN)/reportgen build inputs/laiyang-xuefang/2020.yaml

install: setup  ## 把 reportgen 命令装到查找路径里，并告诉您在哪里
	@sh tools/install.sh

wheel: setup  ## 做一个可以装到别处的 wheel（放在 dist/）
	@$(BIN)/python -m hatchling build -t wheel >&2

windows: setup  ## 做一个 Windows 上解压就能用的压缩包（放在 dist/）
	@$(BIN)/python tools/build_windows.py

windows-proof: setup-tests  ## 在 Wine 里证明 Windows 的压缩包能用（没有 Wine 就先装）
	@sh tools/setup_wine.sh && $(BIN)/python tools/prove_windows.py

test: lint  ## 检查代码、运行全部测试，并核对测试覆盖率
	$(BIN)/pytest -n 2 --cov --cov-report=
	$(BIN)/coverage report --fail-under=90
	$(BIN)/coverage report --omit='$(OUTSIDE)' --fail-under=95

lint: setup-tests  ## 只检查代码：风格、类型、分层、页面用到的浏览器功能
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports
	$(BIN)/python tools/browser_features.py

bench: setup-tests  ## 测速度，与别的做法比较，重写 docs/performance.md（约五分钟，机器要空闲）
	$(BIN)/python benchmarks/run.py

bench-batch: setup-tests  ## 批量的速度，与 LibreOffice 比（机器要空闲；LONG=1 做到 5000 份），重写 docs/performance-batch.md
	$(BIN)/python benchmarks/batch.py $(if $(LONG),--long)

docs: setup-tests  ## 重写由程序生成的文档（docs/rules.md、docs/errors.md）
	$(BIN)/python tools/write_docs.py

truth: setup-tests  ## 量检查能看懂多少句子，重写 docs/checker-coverage.md（PART=set_apart、second、third、fourth、fifth 量另外五份；LIST=1 列出误报和漏报）
	@$(BIN)/python tools/measure_truth.py $(or $(PART),tuning) $(if $(LIST),--list)

checker-coverage: setup-tests  ## 量检查能发现多少错误（一千份年报、一万处改动），重写 docs/checker-coverage-generated.md
	$(BIN)/python tools/measure_checker.py

golden: setup-tests  ## 重写样张（tests/golden），之后请逐一核对改动
	$(BIN)/pytest --update-golden -k golden

templates: setup  ## 由表样重画 Word 模板（有人改过的不动；FORCE=1 重画，改过的留下）
	$(BIN)/python tools/draw_templates.py $(if $(FORCE),--force)

pictures: setup-tests  ## 重拍说明里的图片（docs/pictures，要有 chromium 和 LibreOffice），之后请逐一看过
	@$(BIN)/python tools/take_pictures.py && $(BIN)/python tools/take_page_pictures.py

real: setup-tests  ## 用真实的年报测试（目录由 REPORTGEN_REAL 指定）
	$(BIN)/pytest tests/real

archive-proof: setup-tests  ## 请独立的 veraPDF 判定每种 PDF 都是合格的 PDF/A
	@jars=$$(sh tools/setup_judge.sh verapdf) && $(BIN)/python tools/archive_proof.py "$$jars"

proof: setup-tests  ## 跑各项长证明（数千个损坏的文件、数百次强行中止……），重写 docs/proofs.md
	$(BIN)/python tools/prove.py

lists: setup-tests  ## 换用各软件包的最新版本（重写 requirements.txt、requirements-tests.txt）
	@sh tools/renew_lists.sh

newest: setup-tests  ## 用各软件包的最新版本跑一遍测试（另建环境，不改这里的）
	@PYTHON='$(PYTHON)' sh tools/try_newest.sh

clean:  ## 删除生成的文件、缓存和 .venv（inputs 和 outputs 不动）
	rm -rf .venv .setup dist .coverage .coverage.* .hypothesis
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find . -name .git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

# Quick when everything is there; otherwise it installs what is missing and says so.
setup:
	@PYTHON='$(PYTHON)' sh tools/setup.sh reports

setup-tests:
	@PYTHON='$(PYTHON)' sh tools/setup.sh tests
