// What people write about a session: notes and keywords.
#include "../office.hpp"

namespace pyro::serve {
namespace {

void show_author(store::Connection& in, const Call&, const security::Subject&, Json& row) {
  say_name(in, row, "author", "author_name");
}

Answer list_of(Office& office, const Call& call, const archive::Table& table) {
  std::vector<std::pair<std::string_view, store::Value>> equal;
  if (const std::string session = call.text("session"); !session.empty())
    equal.emplace_back("session", store::Value{session});
  return list_rows(office, call, table, std::move(equal), false, show_author);
}

Handler list_of(const archive::Table& table) {
  return [&table](Office& office, Call& call) { return list_of(office, call, table); };
}
Handler make_in(const archive::Table& table) {
  return [&table](Office& office, Call& call) -> Answer {
    return make_row(office, call, table, {{"person", call.person()}, {"author", call.actor.user}},
                    show_author);
  };
}
Handler get_from(const archive::Table& table, const char* id) {
  return [&table, id](Office& office, Call& call) { return get_row(office, call, table, id, show_author); };
}
Handler change_in(const archive::Table& table, const char* id) {
  return
      [&table, id](Office& office, Call& call) { return change_row(office, call, table, id, show_author); };
}
Handler remove_from(const archive::Table& table, const char* id) {
  return [&table, id](Office& office, Call& call) { return remove_row(office, call, table, id); };
}

}  // namespace

void add_note_routes(Handlers& handlers) {
  handlers["listNotes"] = list_of(archive::kNote);
  handlers["makeNote"] = make_in(archive::kNote);
  handlers["getNote"] = get_from(archive::kNote, "note");
  handlers["changeNote"] = change_in(archive::kNote, "note");
  handlers["removeNote"] = remove_from(archive::kNote, "note");
  handlers["listKeywords"] = list_of(archive::kKeyword);
  handlers["makeKeyword"] = make_in(archive::kKeyword);
  handlers["changeKeyword"] = change_in(archive::kKeyword, "keyword");
  handlers["removeKeyword"] = remove_from(archive::kKeyword, "keyword");
}

}  // namespace pyro::serve
