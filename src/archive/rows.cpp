#include "pyro/archive/rows.hpp"

#include <algorithm>

#include "pyro/archive/ids.hpp"
#include "pyro/base/written_time.hpp"

namespace pyro::archive {
namespace {

using store::Value;

constexpr std::string_view kHead = "id, version, created_us, updated_us";

const Field* field_named(const Table& table, std::string_view name) {
  const auto found = std::ranges::find(table.fields, name, &Field::name);
  return found == table.fields.end() ? nullptr : &*found;
}

bool readable(const Field& field, bool with_kept_back) {
  return field.kind != Kind::bytes && (with_kept_back || !field.kept_back);
}

std::string columns_of(const Table& table, bool with_kept_back) {
  std::string out{kHead};
  for (const Field& field : table.fields) {
    if (readable(field, with_kept_back)) out += ", " + column_of(field);
  }
  return out;
}

Json json_of(const Value& value, Kind kind) {
  if (std::holds_alternative<std::monostate>(value)) return nullptr;
  switch (kind) {
    case Kind::uuid:
    case Kind::text:
      return std::get<std::string>(value);
    case Kind::whole:
      return std::get<std::int64_t>(value);
    case Kind::real:
      return std::get<double>(value);
    case Kind::yes_no:
      return std::get<std::int64_t>(value) != 0;
    case Kind::time:
      return utc_text(time_of_us(std::get<std::int64_t>(value)));
    case Kind::json:
      return Json::parse(std::get<std::string>(value), nullptr, false);
    case Kind::bytes:
      break;
  }
  return nullptr;
}

Json json_of(const Table& table, const store::Row& row, bool with_kept_back) {
  Json out{{"id", std::get<std::string>(row[0])},
           {"version", std::get<std::int64_t>(row[1])},
           {"created", json_of(row[2], Kind::time)},
           {"updated", json_of(row[3], Kind::time)}};
  std::size_t at = 4;
  for (const Field& field : table.fields) {
    if (readable(field, with_kept_back)) out[std::string{field.name}] = json_of(row[at++], field.kind);
  }
  return out;
}

Result<Value> value_of(const Table& table, const Field& field, const Json& json) {
  if (json.is_null()) return Value{};
  const auto wrong = [&](std::string_view what) {
    return bad_input(std::string{table.name} + "." + std::string{field.name} + " must be " +
                     std::string{what});
  };
  switch (field.kind) {
    case Kind::uuid:
      if (!json.is_string() || !is_id(json.get_ref<const std::string&>()))
        return wrong("an id (UUID, lower case)");
      return Value{json.get<std::string>()};
    case Kind::text:
      if (!json.is_string()) return wrong("a text");
      if (json.get_ref<const std::string&>().find('\0') != std::string::npos)
        return wrong("a text without NUL");
      return Value{json.get<std::string>()};
    case Kind::whole:
      if (!json.is_number_integer()) return wrong("a whole number");
      return Value{json.get<std::int64_t>()};
    case Kind::real:
      if (!json.is_number()) return wrong("a number");
      return Value{json.get<double>()};
    case Kind::yes_no:
      if (!json.is_boolean()) return wrong("true or false");
      return Value{std::int64_t{json.get<bool>()}};
    case Kind::time: {
      if (!json.is_string()) return wrong("a time");
      const Result<UtcTime> time = time_of(json.get_ref<const std::string&>());
      if (!time) return tl::make_unexpected(time.error());
      return Value{us_of(*time)};
    }
    case Kind::json:
      return Value{json.dump(-1, ' ', false, Json::error_handler_t::replace)};
    case Kind::bytes:
      break;
  }
  return wrong("sent as bytes");
}

Json with_derived(const Table& table, const Json& fields) {
  Json out = fields;
  if (table.derived != nullptr) out.update(table.derived(fields));
  return out;
}

Status tell_changed(store::Connection& in, const Table& table, const Json& row) {
  return table.changed == nullptr ? Status{} : table.changed(in, row);
}

}  // namespace

Result<UtcTime> time_of(std::string_view text) {
  const auto written = read_time(text);
  if (!written || !written->offset)
    return bad_input("\"" + std::string{text.substr(0, 40)} +
                     "\" is no time: write it as 2026-01-31T12:00:00Z, with its offset from UTC");
  return std::chrono::time_point_cast<std::chrono::microseconds>(
      std::chrono::sys_time<std::chrono::microseconds>{written->wall.time_since_epoch() - *written->offset});
}

Result<Json> insert(store::Connection& to, const Table& table, const Json& given_fields, UtcTime now,
                    const std::vector<std::pair<std::string_view, store::Blob>>& bytes) {
  const Json fields = with_derived(table, given_fields);
  const std::string id =
      fields.contains("id") && fields["id"].is_string() ? fields["id"].get<std::string>() : new_id(now);
  if (!is_id(id)) return bad_input("id must be a UUID in lower case");
  std::string columns{kHead}, places = "$1, $2, $3, $4";
  std::vector<Value> values{Value{id}, Value{std::int64_t{1}}, Value{us_of(now)}, Value{us_of(now)}};
  for (const Field& field : table.fields) {
    const auto blob = std::ranges::find(bytes, field.name, [](const auto& pair) { return pair.first; });
    const auto given = fields.find(std::string{field.name});
    if (blob == bytes.end() && given == fields.end()) continue;
    Result<Value> value =
        blob != bytes.end() ? Result<Value>{Value{blob->second}} : value_of(table, field, *given);
    if (!value) return tl::make_unexpected(value.error());
    values.push_back(std::move(*value));
    columns += ", " + column_of(field);
    places += ", $" + std::to_string(values.size());
  }
  const std::string sql =
      "INSERT INTO " + std::string{table.name} + " (" + columns + ") VALUES (" + places + ")";
  if (auto done = to.change(sql, std::span<const Value>(values)); !done)
    return tl::make_unexpected(done.error());
  Result<std::optional<Json>> made = find(to, table, id);
  if (!made) return tl::make_unexpected(made.error());
  if (Status told = tell_changed(to, table, **made); !told) return tl::make_unexpected(told.error());
  return std::move(made->value());
}

Result<std::optional<Json>> find(store::Connection& in, const Table& table, std::string_view id,
                                 bool with_kept_back) {
  if (!is_id(id)) return std::nullopt;
  const Result<store::Rows> rows = in.query(
      "SELECT " + columns_of(table, with_kept_back) + " FROM " + std::string{table.name} + " WHERE id = $1",
      std::string{id});
  if (!rows) return tl::make_unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  return json_of(table, rows->front(), with_kept_back);
}

std::string numbered(std::string condition, std::size_t number) {
  return condition.replace(condition.find('$'), 1, "$" + std::to_string(number));
}

Result<Page> list(store::Connection& in, const Table& table, const Query& query) {
  std::vector<Value> values;
  std::string where;
  const auto also = [&](const std::string& condition) {
    where += (where.empty() ? " WHERE " : " AND ") + condition;
  };
  for (const auto& [name, value] : query.equal) {
    const Field* field = field_named(table, name);
    if (field == nullptr) return bad_input("there is no field " + std::string{name} + " to look by");
    values.push_back(value);
    also(column_of(*field) + " = $" + std::to_string(values.size()));
  }
  if (!query.within.empty()) {
    if (query.within_value) values.push_back(*query.within_value);
    also(query.within_value ? numbered(query.within, values.size()) : query.within);
  }
  if (!query.after.empty()) {
    if (!is_id(query.after)) return bad_input("after must be the id of a row");
    values.emplace_back(query.after);
    also(std::string{"id "} + (query.newest_first ? "<" : ">") + " $" + std::to_string(values.size()));
  }
  const std::string sql = "SELECT " + columns_of(table, query.with_kept_back) + " FROM " +
                          std::string{table.name} + where + " ORDER BY id" +
                          (query.newest_first ? " DESC" : "") + " LIMIT " + std::to_string(query.limit + 1);
  const Result<store::Rows> rows = in.query(sql, std::span<const Value>(values));
  if (!rows) return tl::make_unexpected(rows.error());
  Page page;
  page.more = rows->size() > query.limit;
  for (std::size_t i = 0; i < std::min(rows->size(), query.limit); ++i)
    page.rows.push_back(json_of(table, (*rows)[i], query.with_kept_back));
  return page;
}

Result<std::optional<Json>> update(store::Connection& in, const Table& table, std::string_view id,
                                   std::optional<std::int64_t> version, const Json& patch, UtcTime now) {
  if (!is_id(id)) return std::nullopt;
  const Json all = with_derived(table, patch);
  std::vector<Value> values{Value{std::string{id}}, Value{us_of(now)}};
  std::string sets = "version = version + 1, updated_us = $2";
  for (const auto& [name, json] : all.items()) {
    const Field* field = field_named(table, name);
    if (field == nullptr || field->kind == Kind::bytes) continue;
    Result<Value> value = value_of(table, *field, json);
    if (!value) return tl::make_unexpected(value.error());
    values.push_back(std::move(*value));
    sets += ", " + column_of(*field) + " = $" + std::to_string(values.size());
  }
  std::string where = " WHERE id = $1";
  if (version) {
    values.emplace_back(*version);
    where += " AND version = $" + std::to_string(values.size());
  }
  const Result<std::int64_t> changed =
      in.change("UPDATE " + std::string{table.name} + " SET " + sets + where, std::span<const Value>(values));
  if (!changed) return tl::make_unexpected(changed.error());
  if (*changed == 0) return std::nullopt;
  auto row = find(in, table, id);
  if (!row || !*row) return row;
  if (Status told = tell_changed(in, table, **row); !told) return tl::make_unexpected(told.error());
  return row;
}

Result<bool> remove(store::Connection& in, const Table& table, std::string_view id) {
  if (!is_id(id)) return false;
  const Result<std::int64_t> gone =
      in.change("DELETE FROM " + std::string{table.name} + " WHERE id = $1", std::string{id});
  if (!gone) return tl::make_unexpected(gone.error());
  return *gone > 0;
}

Result<std::optional<store::Blob>> bytes_of(store::Connection& in, const Table& table, std::string_view id,
                                            std::string_view field) {
  if (!is_id(id)) return std::nullopt;
  const Result<store::Rows> rows =
      in.query("SELECT " + std::string{field} + " FROM " + std::string{table.name} + " WHERE id = $1",
               std::string{id});
  if (!rows) return tl::make_unexpected(rows.error());
  if (rows->empty() || !std::holds_alternative<store::Blob>(rows->front()[0])) return std::nullopt;
  return std::get<store::Blob>(rows->front()[0]);
}

}  // namespace pyro::archive
