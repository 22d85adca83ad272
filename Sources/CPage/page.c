// Every file of the folder Assets; WebPageTests holds this list against it.
#include "CPage.h"

// clang has #embed in C17, too.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t api_js[] = {
#embed "Assets/api.js"
};
static const uint8_t app_js[] = {
#embed "Assets/app.js"
};
static const uint8_t change_dialog_js[] = {
#embed "Assets/change-dialog.js"
};
static const uint8_t chart_js[] = {
#embed "Assets/chart.js"
};
static const uint8_t colour_js[] = {
#embed "Assets/colour.js"
};
static const uint8_t compare_view_js[] = {
#embed "Assets/compare-view.js"
};
static const uint8_t curves_js[] = {
#embed "Assets/curves.js"
};
static const uint8_t dom_js[] = {
#embed "Assets/dom.js"
};
static const uint8_t feed_js[] = {
#embed "Assets/feed.js"
};
static const uint8_t fields_js[] = {
#embed "Assets/fields.js"
};
static const uint8_t format_js[] = {
#embed "Assets/format.js"
};
static const uint8_t frame_js[] = {
#embed "Assets/frame.js"
};
static const uint8_t icon_svg[] = {
#embed "Assets/icon.svg"
};
static const uint8_t index_html[] = {
#embed "Assets/index.html"
};
static const uint8_t job_cells_js[] = {
#embed "Assets/job-cells.js"
};
static const uint8_t job_tables_js[] = {
#embed "Assets/job-tables.js"
};
static const uint8_t job_view_js[] = {
#embed "Assets/job-view.js"
};
static const uint8_t jobs_view_js[] = {
#embed "Assets/jobs-view.js"
};
static const uint8_t list_js[] = {
#embed "Assets/list.js"
};
static const uint8_t log_tail_js[] = {
#embed "Assets/log-tail.js"
};
static const uint8_t metrics_feed_js[] = {
#embed "Assets/metrics-feed.js"
};
static const uint8_t model_summary_js[] = {
#embed "Assets/model-summary.js"
};
static const uint8_t new_view_js[] = {
#embed "Assets/new-view.js"
};
static const uint8_t notices_js[] = {
#embed "Assets/notices.js"
};
static const uint8_t page_css[] = {
#embed "Assets/page.css"
};
static const uint8_t pod_grid_js[] = {
#embed "Assets/pod-grid.js"
};
static const uint8_t pod_model_js[] = {
#embed "Assets/pod-model.js"
};
static const uint8_t pod_view_js[] = {
#embed "Assets/pod-view.js"
};
static const uint8_t pointer_js[] = {
#embed "Assets/pointer.js"
};
static const uint8_t queue_view_js[] = {
#embed "Assets/queue-view.js"
};
static const uint8_t ranges_js[] = {
#embed "Assets/ranges.js"
};
static const uint8_t schedule_js[] = {
#embed "Assets/schedule.js"
};
static const uint8_t series_js[] = {
#embed "Assets/series.js"
};
static const uint8_t states_js[] = {
#embed "Assets/states.js"
};
static const uint8_t theme_switch_js[] = {
#embed "Assets/theme-switch.js"
};
static const uint8_t theme_css[] = {
#embed "Assets/theme.css"
};
static const uint8_t theme_js[] = {
#embed "Assets/theme.js"
};
static const uint8_t token_js[] = {
#embed "Assets/token.js"
};
static const uint8_t turns_js[] = {
#embed "Assets/turns.js"
};
static const uint8_t verb_buttons_js[] = {
#embed "Assets/verb-buttons.js"
};

#define FILE(name, bytes) {name, bytes, sizeof bytes}

static const struct tpud_page_file files[] = {
    FILE("api.js", api_js),
    FILE("app.js", app_js),
    FILE("change-dialog.js", change_dialog_js),
    FILE("chart.js", chart_js),
    FILE("colour.js", colour_js),
    FILE("compare-view.js", compare_view_js),
    FILE("curves.js", curves_js),
    FILE("dom.js", dom_js),
    FILE("feed.js", feed_js),
    FILE("fields.js", fields_js),
    FILE("format.js", format_js),
    FILE("frame.js", frame_js),
    FILE("icon.svg", icon_svg),
    FILE("index.html", index_html),
    FILE("job-cells.js", job_cells_js),
    FILE("job-tables.js", job_tables_js),
    FILE("job-view.js", job_view_js),
    FILE("jobs-view.js", jobs_view_js),
    FILE("list.js", list_js),
    FILE("log-tail.js", log_tail_js),
    FILE("metrics-feed.js", metrics_feed_js),
    FILE("model-summary.js", model_summary_js),
    FILE("new-view.js", new_view_js),
    FILE("notices.js", notices_js),
    FILE("page.css", page_css),
    FILE("pod-grid.js", pod_grid_js),
    FILE("pod-model.js", pod_model_js),
    FILE("pod-view.js", pod_view_js),
    FILE("pointer.js", pointer_js),
    FILE("queue-view.js", queue_view_js),
    FILE("ranges.js", ranges_js),
    FILE("schedule.js", schedule_js),
    FILE("series.js", series_js),
    FILE("states.js", states_js),
    FILE("theme-switch.js", theme_switch_js),
    FILE("theme.css", theme_css),
    FILE("theme.js", theme_js),
    FILE("token.js", token_js),
    FILE("turns.js", turns_js),
    FILE("verb-buttons.js", verb_buttons_js),
};

const struct tpud_page_file *tpud_page_files(void) { return files; }

size_t tpud_page_file_count(void) { return sizeof files / sizeof files[0]; }
