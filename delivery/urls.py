"""Every web address of the platform; `/healthz`, `/readyz` and `/metrics` answer before: delivery.ground.health."""

from allauth.account import views as allauth
from django.urls import URLPattern, URLResolver, path, re_path

from delivery.accounts.web import language
from delivery.accounts.web.phone import sign_in as phone_sign_in
from delivery.checkout.web.api import router as checkout
from delivery.console.site import site as console
from delivery.console.urls import PAGES as console_pages
from delivery.demo import page as demo
from delivery.devices.models import Kind
from delivery.devices.web import pairing, shell
from delivery.devices.web.api import router as devices
from delivery.ground.api import install_handlers
from delivery.ground.live.web import live
from delivery.ground.openapi import DescribedAPI
from delivery.integrations.web.api import router as webhooks
from delivery.orders.web.api import router as orders
from delivery.storefront import address, basket, dish, menu, mine, order_help, shop, tracking
from delivery.storefront import checkout as checkout_page
from dispatch.fleet.web.api import router as fleet
from dispatch.fleet.web.equipment import router as equipment
from dispatch.web import (
    control_room,
    control_room_acts,
    control_room_feeds,
    control_room_levers,
    phone,
    phone_stops,
    proof,
    quality,
)
from dispatch.web.api import router as dispatch
from dispatch.web.decisions import router as decisions
from printing.web import cloudprnt, sdp
from printing.web.api import router as printing
from printing.web.previews import router as previews
from printing.web.printers import router as printers
from restaurants.web import kitchen, lobby, lobby_answers, lobby_pace
from restaurants.web.api import router as restaurants

api = DescribedAPI(title="Passeplat", version="1", urls_namespace="api", openapi_url="/openapi.json", docs_url=None)
install_handlers(api)
ROUTERS = (
    *(restaurants, checkout, orders, dispatch, decisions, fleet, equipment),
    *(devices, printing, previews, printers, webhooks),
)
for router in ROUTERS:
    api.add_router("", router)

handler400 = "delivery.ground.http.bad_request"
handler404 = "delivery.ground.http.page_not_found"
handler500 = "delivery.ground.http.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", shop.shop, name="shop"),
    path("address/", address.address, name="address"),
    path("address/suggest", address.suggest, name="suggest"),
    path("address/saved/", address.saved_address, name="saved_address"),
    path("address/forget/", address.forget_address, name="forget_address"),
    path("me/", mine.mine, name="mine"),
    path("restaurants/<slug:slug>/", menu.menu, name="menu"),
    path("restaurants/<slug:slug>/basket/", basket.basket, name="basket"),
    path("restaurants/<slug:slug>/dishes/<uuid:product>/", dish.dish, name="dish"),
    path("checkout/", checkout_page.checkout, name="checkout"),
    path("checkout/way/", checkout_page.choose_way, name="choose_way"),
    path("track/<str:token>/", tracking.tracking, name="tracking"),
    path("track/<str:token>/now/", tracking.tracking_now, name="tracking_now"),
    path("track/<str:token>/where/", tracking.tracking_where, name="tracking_where"),
    path("track/<str:token>/again/", tracking.again, name="order_again"),
    path("track/<str:token>/help/", order_help.order_help, name="order_help"),
    path("track/<str:token>/cancel/", tracking.cancel_tracked, name="cancel_tracked"),
    path("api/v1/", api.urls),
    path("api/live", live, name="live"),
    path("accounts/login/", allauth.login, name="account_login"),
    path("accounts/logout/", allauth.logout, name="account_logout"),
    path("accounts/signup/", allauth.signup, name="account_signup"),
    path("accounts/password/", allauth.password_reset, name="account_reset_password"),
    path("accounts/password/code/", allauth.confirm_password_reset_code, name="account_confirm_password_reset_code"),
    path("accounts/password/new/", allauth.complete_password_reset, name="account_complete_password_reset"),
    path("accounts/password/done/", allauth.password_reset_from_key_done, name="account_password_reset_completed"),
    path("accounts/inactive/", allauth.account_inactive, name="account_inactive"),
    path("demo/", demo.demo, name="demo"),
    path("demo/sign-in/", demo.sign_in, name="demo_sign_in"),
    path("demo/leave/", demo.leave, name="demo_leave"),
    path("demo/break/", demo.break_it, name="demo_break"),
    path("demo/heal/<int:mishap_id>/", demo.heal, name="demo_heal"),
    *console_pages,
    path("console/", console.urls),
    path("sw.js", shell.service_worker, name="service_worker"),
    path("offline/", shell.offline, name="offline"),
    path("manifest/<slug:screen>/", shell.manifest, name="manifest"),
    path("language/", language.set_language, name="set_language"),
    path("lobby/pair/", pairing.pair, {"kind": Kind.LOBBY}, name="lobby_pair"),
    path("kitchen/pair/", pairing.pair, {"kind": Kind.KITCHEN}, name="kitchen_pair"),
    path("lobby/", lobby.lobby, name="lobby"),
    path("lobby/orders/<uuid:order_id>/accept/", lobby_answers.accept, name="lobby_accept"),
    path("lobby/orders/<uuid:order_id>/reject/", lobby_answers.reject, name="lobby_reject"),
    path("lobby/orders/<uuid:order_id>/delay/", lobby_answers.delay, name="lobby_delay"),
    path("lobby/orders/<uuid:order_id>/ready/", lobby_answers.ready, name="lobby_ready"),
    path("lobby/orders/<uuid:order_id>/hand-over/", lobby_answers.hand_over, name="lobby_hand_over"),
    path("lobby/orders/<uuid:order_id>/print/", lobby_answers.print_ticket, name="lobby_print"),
    path("lobby/orders/<uuid:order_id>/rang/", lobby_pace.rang, name="lobby_rang"),
    path("lobby/dishes/<uuid:product_id>/sold-out/", lobby_pace.sold_out, name="lobby_sold_out"),
    path("lobby/dishes/<uuid:product_id>/back/", lobby_pace.back_on_sale, name="lobby_back_on_sale"),
    path("lobby/busy/", lobby_pace.busy, name="lobby_busy"),
    path("lobby/pause/", lobby_pace.pause, name="lobby_pause"),
    path("lobby/device/", lobby_pace.device, name="lobby_device"),
    path("kitchen/", kitchen.kitchen, name="kitchen"),
    path("kitchen/orders/<uuid:order_id>/ready/", kitchen.ready, name="kitchen_ready"),
    path("kitchen/orders/<uuid:order_id>/tick/", kitchen.tick, name="kitchen_tick"),
    path("kitchen/orders/<uuid:order_id>/bump/", kitchen.bump, name="kitchen_bump"),
    path("kitchen/orders/<uuid:order_id>/recall/", kitchen.recall, name="kitchen_recall"),
    path("kitchen/orders/<uuid:order_id>/seen/", kitchen.see_cancelled, name="kitchen_seen"),
    path("phone/sign-in/", phone_sign_in, name="phone_sign_in"),
    path("phone/", phone.phone, name="phone"),
    path("phone/shift/start/", phone.start_shift, name="phone_start_shift"),
    path("phone/shift/end/", phone.end_shift, name="phone_end_shift"),
    path("phone/offers/resume/", phone.resume_offers, name="phone_resume_offers"),
    path("phone/offers/<uuid:offer_id>/accept/", phone.accept_offer, name="phone_accept_offer"),
    path("phone/offers/<uuid:offer_id>/decline/", phone.decline_offer, name="phone_decline_offer"),
    path("phone/break/", phone.start_break, name="phone_start_break"),
    path("phone/notices/", phone.see_notices, name="phone_see_notices"),
    path("phone/help/", phone.ask_for_help, name="phone_help"),
    path("phone/stops/<uuid:stop_id>/arrive/", phone_stops.arrive_stop, name="phone_arrive_stop"),
    path("phone/stops/<uuid:stop_id>/complete/", phone_stops.complete_stop, name="phone_complete_stop"),
    path("phone/stops/<uuid:stop_id>/wait/", phone_stops.wait_for_customer, name="phone_wait"),
    path("phone/stops/<uuid:stop_id>/write/", phone_stops.write_to_customer, name="phone_write"),
    path("phone/stops/<uuid:stop_id>/fail/", phone_stops.fail_stop, name="phone_fail_stop"),
    path("printers/cloudprnt/<str:secret>/poll", cloudprnt.poll, name="cloudprnt_poll"),
    re_path(
        r"^printers/cloudprnt/(?P<secret>[\w-]+)/poll(?P<query>\?.*)$", cloudprnt.poll, name="cloudprnt_poll_encoded"
    ),
    path("printers/cloudprnt/<str:secret>/cloudprnt-setting.json", cloudprnt.setting, name="cloudprnt_setting"),
    path("printers/sdp/<str:secret>/", sdp.door, name="sdp"),
    path("proof/<uuid:photo_id>/", proof.photo, name="proof_photo"),
    path("control-room/", control_room.control_room, name="control_room"),
    path("control-room/positions/", control_room_feeds.positions, name="control_room_positions"),
    path("control-room/hints/", control_room_feeds.hints, name="control_room_hints"),
    path("control-room/orders/<uuid:order_id>/", control_room_feeds.order_in_full, name="control_room_order"),
    path(
        "control-room/orders/<uuid:order_id>/choices/",
        control_room_feeds.choices_of_order,
        name="control_room_choices",
    ),
    path(
        "control-room/couriers/<uuid:deliverer_id>/",
        control_room_feeds.deliverer_in_full,
        name="control_room_deliverer",
    ),
    path(
        "control-room/couriers/<uuid:deliverer_id>/way/",
        control_room_feeds.way_of_deliverer,
        name="control_room_way",
    ),
    path("control-room/orders/<uuid:order_id>/assign/", control_room_acts.assign_order, name="control_room_assign"),
    path(
        "control-room/orders/<uuid:order_id>/unassign/",
        control_room_acts.unassign_order,
        name="control_room_unassign",
    ),
    path("control-room/alarms/<uuid:alarm_id>/take/", control_room_acts.take_alarm, name="control_room_take"),
    path(
        "control-room/alarms/<uuid:alarm_id>/give-back/",
        control_room_acts.give_back_alarm,
        name="control_room_give_back",
    ),
    path(
        "control-room/alarms/<uuid:alarm_id>/hand-over/",
        control_room_acts.hand_over_alarm,
        name="control_room_hand_over",
    ),
    path("control-room/alarms/<uuid:alarm_id>/snooze/", control_room_acts.snooze_alarm, name="control_room_snooze"),
    path("control-room/alarms/<uuid:alarm_id>/close/", control_room_acts.close_alarm, name="control_room_close"),
    path("control-room/notes/", control_room_acts.write_note, name="control_room_note"),
    path("control-room/by-hand/", control_room_acts.set_hand_dispatch, name="control_room_by_hand"),
    path("control-room/quality/", quality.quality_page, name="control_room_quality"),
    path("control-room/weights/", quality.save_weights, name="control_room_weights"),
    path("control-room/weights/trial/end/", quality.stop_trial, name="control_room_stop_trial"),
    path("control-room/levers/", control_room_levers.pull_lever, name="control_room_pull"),
    path("control-room/levers/<uuid:lever_id>/end/", control_room_levers.end_lever, name="control_room_end_lever"),
]
